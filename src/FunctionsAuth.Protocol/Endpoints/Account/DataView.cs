using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The user's data: a copy to download, and a link to the deletion of the account.</summary>
public sealed class DataView(AccountDownload download, ServerOptions options, IPages pages) : AccountView
{
    public override string Route => "data";

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => Task.FromResult(
        pages.Show(new AccountDataPage(Route, visit.FormToken) { Username = visit.User.Username, MayDelete = options.Account.MayDelete }));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        var content = await download.WriteAsync(visit, cancellation);
        visit.Http.Response.Headers.ContentDisposition = "attachment; filename=\"account.json\"";
        return Results.Bytes(content, "application/json");
    }
}
