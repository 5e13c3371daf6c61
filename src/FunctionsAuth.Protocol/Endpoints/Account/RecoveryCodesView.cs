using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>New recovery codes. They are shown once, and cannot be read later.</summary>
public sealed class RecoveryCodesView(OwnFactors own, OwnPages addresses, IPages pages) : AccountView
{
    public override string Route => AccountRoutes.RecoveryCodes;

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation)
    {
        var factors = visit.Person!.Factors;
        return Task.FromResult(factors.HasAny ? pages.Show(PageOf(visit, []) with { Left = factors.RecoveryCodes.Count }) : Redirect.To(visit.Http, addresses.Account(AccountRoutes.Security)));
    }

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation) =>
        form[PageFields.Action] == PageFields.ActionRenew && await own.RenewRecoveryCodesAsync(visit.Person!.Factors, cancellation) is { } codes
            ? pages.Show(PageOf(visit, codes) with { Done = Phrase.Of($"These are your new codes. The old codes no longer work.") })
            : await ShowAsync(visit, cancellation);

    /// <param name="codes">Empty if none are shown.</param>
    public static AccountRecoveryCodesPage PageOf(AccountVisit visit, IReadOnlyList<string> codes) => new(AccountRoutes.RecoveryCodes, visit.FormToken)
    {
        Username = visit.User.Username,
        RequestId = visit.RequestId,
        Codes = codes,
        Left = codes.Count,
    };
}
