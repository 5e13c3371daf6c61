using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The clients that have access to the account. Revoking the access is one write, which makes all earlier grants invalid.</summary>
public sealed class AppsView(ConsentKeeper consents, ClientRegistry clients, ScopeRegistry scopes, IPages pages) : AccountView
{
    public override string Route => "apps";

    public override async Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => pages.Show(await PageAsync(visit, null, cancellation));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        var done = form[PageFields.ClientId] is { } id && await consents.RevokeAsync(visit.User.Subject, id, AuditActor.Person, cancellation)
            ? Phrase.Of($"The app has no access to your account any more.")
            : Phrase.Of($"The app has no access to your account.");
        return pages.Show(await PageAsync(visit, done, cancellation));
    }

    private async Task<AccountAppsPage> PageAsync(AccountVisit visit, Phrase? done, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        List<AccountApp> apps = [];
        foreach (var consent in await consents.ListAsync(visit.User.Subject, cancellation))
            apps.Add(Describe(consent, await clients.FindAsync(consent.ClientId, cancellation), catalog));
        return new AccountAppsPage(Route, visit.FormToken)
        {
            Username = visit.User.Username,
            Apps = [.. apps.OrderByDescending(app => app.LastUsedAt)],
            Done = done,
        };
    }

    private static AccountApp Describe(Consent consent, Client? client, Catalog catalog) => new(
        consent.ClientId,
        client?.ForPage(),
        [
            .. consent.Scopes.Where(name => name is not (StandardScopes.OpenId or StandardScopes.OfflineAccess)).Select(catalog.ShownScope),
            .. consent.Claims.Select(ClaimLabels.Of),
            .. catalog.ShownResources(consent.Resources),
            .. consent.Details.Select(AuthorizationDetail.TypeOf).Distinct().Select(catalog.ShownDetailsType),
        ],
        consent.Scopes.Contains(StandardScopes.OfflineAccess),
        consent.GrantedAt,
        consent.LastUsedAt ?? consent.GrantedAt,
        client?.FirstParty == true);
}
