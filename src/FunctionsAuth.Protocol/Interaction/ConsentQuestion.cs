using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Finds what the consent page asks.</summary>
public sealed class ConsentQuestions(GroupAccess groups, ScopeRegistry scopes)
{
    /// <returns>Null when the groups of the person give no access to the client.</returns>
    public async ValueTask<ConsentQuestion?> OfAsync(AuthorizationRequest request, Session session, CancellationToken cancellation) =>
        await groups.NarrowAsync(request, session, cancellation) is { } allowed ? new ConsentQuestion(allowed, await scopes.LoadAsync(cancellation)) : null;
}

/// <summary>What a person is asked to allow, what of it can be left out, and what an answer makes of the request.</summary>
/// <param name="request">As the groups of the person allow it.</param>
public sealed class ConsentQuestion(AuthorizationRequest request, Catalog catalog)
{
    public AuthorizationRequest Request => request;

    public Catalog Catalog => catalog;

    /// <summary>
    /// Claims that are asked for one by one can be left out where some scope can: of clients that introduced themselves, and of those for which
    /// an operator said what they can't do without.
    /// </summary>
    public bool CanLeaveOutClaims => request.Client.RequiredScopes is not null || request.Client.IntroducedItself();

    public bool CanLeaveOutScope(string name) =>
        name != StandardScopes.OpenId
        && catalog.FindScope(name)?.Required != true
        && request.Client.RequiredScopes?.Contains(name) != true
        && CanLeaveOutClaims
        // Without the scopes that decide who may use the client, what is left would be refused.
        && request.Client.ScopeMaps?.Values.Any(scopes => scopes.Contains(name)) != true;

    /// <summary>All that stands on the page, for the token of its form: what an operator changes meanwhile, nobody was asked.</summary>
    public IEnumerable<string> Asked =>
    [
        .. request.Scopes.Select(name => $"{(CanLeaveOutScope(name) ? "optional" : "required")} scope {name}"),
        .. request.MoreClaims.Select(name => $"{(CanLeaveOutClaims ? "optional" : "required")} claim {name}"),
        .. request.Resources.Select(name => $"resource {name}"),
        .. request.Details.Select(detail => $"detail {detail.Json}"),
    ];

    /// <summary>RFC 6749 §3.3: the request as the person allows it, which may be less than the client asked for.</summary>
    /// <param name="allowsScope">Asked for each scope that can be left out.</param>
    /// <param name="allowsClaim">The same for claims.</param>
    /// <returns>Null when nothing is left that a client could use.</returns>
    public AuthorizationRequest? Answer(Func<string, bool> allowsScope, Func<string, bool> allowsClaim)
    {
        List<string> scopes = [.. request.Scopes.Where(name => !CanLeaveOutScope(name) || allowsScope(name))];
        List<string> claims = [.. request.MoreClaims.Where(name => !CanLeaveOutClaims || allowsClaim(name))];
        if (scopes.Count == request.Scopes.Count && claims.Count == request.MoreClaims.Count)
            return request;
        // offline_access keeps an access, and is none.
        if (request.Details.Count == 0 && scopes.All(name => name == StandardScopes.OfflineAccess))
            return null;
        List<string> lost = [.. request.Scopes.Except(scopes)];
        List<string> lostClaims = [.. ClaimsOf(lost).Concat(request.MoreClaims).Except(ClaimsOf(scopes).Concat(claims))];
        List<string> kept = [.. DetailsPolicy.OwnersOf(catalog, request.Details)];
        List<string> resources = [.. request.Resources.Where(name => kept.Contains(name) || !IsLost(name, scopes, lost))];
        return request with
        {
            Scopes = scopes,
            Resources = resources,
            MoreClaims = claims,
            // A claim that was asked for by its scope and by its name is left out with the scope.
            Claims = request.Claims?.Without(lostClaims),
            Declined = new ConsentWish(lost, [.. request.Resources.Except(resources)], lostClaims),
        };
    }

    private IEnumerable<string> ClaimsOf(IEnumerable<string> scopes) => scopes.SelectMany(name => catalog.FindScope(name)?.Claims ?? []);

    /// <summary>All scopes of the resource that were asked for are left out. One that none was asked for is allowed as a whole.</summary>
    private bool IsLost(string resource, List<string> scopes, List<string> lost) =>
        catalog.FindResource(resource) is { } known && known.Scopes.Intersect(lost).Any() && !known.Scopes.Intersect(scopes).Any();
}
