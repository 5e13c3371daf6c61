using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Registry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The events of the account in the last 90 days.</summary>
public sealed class ActivityView(AccountAudit audit, ClientRegistry clients, IPages pages) : AccountView
{
    private const int Most = 200;

    public override string Route => "activity";

    public override async Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation)
    {
        var events = await audit.ListAsync(visit.User.Subject, Most + 1, cancellation);
        List<AccountEvent> described = [];
        foreach (var entry in events)
            described.Add(await DescribeAsync(entry, cancellation));
        var hasMore = events.CountBy(entry => entry.Kind == AuditKind.SignInFailed).Any(count => count.Value > Most);
        return pages.Show(new AccountActivityPage(Route, visit.FormToken) { Username = visit.User.Username, Events = described, HasMore = hasMore });
    }

    private async Task<AccountEvent> DescribeAsync(AuditEvent entry, CancellationToken cancellation)
    {
        var client = entry.ClientId is { } id ? Phrase.Named(await clients.NameOfAsync(id, cancellation)) : null;
        return new AccountEvent(entry.At, EventText.Of(entry, client), entry.Browser, entry.Network, entry.Country, EventText.IsWarning(entry.Kind));
    }
}
