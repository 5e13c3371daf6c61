using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Finds the content of the consent page.</summary>
public sealed class ConsentQuestions(GroupAccess groups, ScopeRegistry scopes)
{
    /// <returns>Null when the groups of the user give no access to the client.</returns>
    public async ValueTask<ConsentQuestion?> OfAsync(AuthorizationRequest request, Session session, CancellationToken cancellation) =>
        await groups.NarrowAsync(request, session, cancellation) is { } allowed ? new ConsentQuestion(allowed, await scopes.LoadAsync(cancellation)) : null;
}

/// <summary>The consent that a user is asked for, the parts that the user can decline, and the request that results from an answer.</summary>
/// <param name="request">The request, reduced to what the groups of the user allow.</param>
public sealed class ConsentQuestion(AuthorizationRequest request, Catalog catalog)
{
    public AuthorizationRequest Request => request;

    public Catalog Catalog => catalog;

    /// <summary>
    /// Claims that are asked for one by one can be declined if some scope can be declined: for clients that registered themselves, and for clients
    /// with optional scopes set by an operator.
    /// </summary>
    public bool CanLeaveOutClaims => request.Client.RequiredScopes is not null || request.Client.IntroducedItself();

    public bool CanLeaveOutScope(string name) =>
        name != StandardScopes.OpenId
        && catalog.FindScope(name)?.Required != true
        && request.Client.RequiredScopes?.Contains(name) != true
        && CanLeaveOutClaims
        // Without the scopes that decide who may use the client, the remaining request would be refused.
        && request.Client.ScopeMaps?.Values.Any(scopes => scopes.Contains(name)) != true;

    /// <summary>
    /// The whole content of the page, for the token of its form. If an operator changes it in the meantime, the user was not asked for the new
    /// content.
    /// </summary>
    public IEnumerable<string> Asked =>
    [
        .. request.Scopes.Select(name => $"{(CanLeaveOutScope(name) ? "optional" : "required")} scope {name}"),
        .. request.MoreClaims.Select(name => $"{(CanLeaveOutClaims ? "optional" : "required")} claim {name}"),
        .. request.Resources.Select(name => $"resource {name}"),
        .. request.Details.Select(detail => $"detail {detail.Json}"),
    ];

    /// <summary>RFC 6749 §3.3: the request as the user allows it, which may be less than the client asked for.</summary>
    /// <param name="allowsScope">Called for each scope that can be declined.</param>
    /// <param name="allowsClaim">Called for each claim that can be declined.</param>
    /// <returns>Null when the client could use nothing that remains.</returns>
    public AuthorizationRequest? Answer(Func<string, bool> allowsScope, Func<string, bool> allowsClaim)
    {
        List<string> scopes = [.. request.Scopes.Where(name => !CanLeaveOutScope(name) || allowsScope(name))];
        List<string> claims = [.. request.MoreClaims.Where(name => !CanLeaveOutClaims || allowsClaim(name))];
        if (scopes.Count == request.Scopes.Count && claims.Count == request.MoreClaims.Count)
            return request;
        // offline_access extends an access, but gives none by itself.
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
            // A claim that was asked for by scope and by name is declined together with the scope.
            Claims = request.Claims?.Without(lostClaims),
            Declined = new ConsentWish(lost, [.. request.Resources.Except(resources)], lostClaims),
        };
    }

    private IEnumerable<string> ClaimsOf(IEnumerable<string> scopes) => scopes.SelectMany(name => catalog.FindScope(name)?.Claims ?? []);

    /// <summary>All requested scopes of the resource are declined. A resource without requested scopes is allowed as a whole.</summary>
    private bool IsLost(string resource, List<string> scopes, List<string> lost) =>
        catalog.FindResource(resource) is { } known && known.Scopes.Intersect(lost).Any() && !known.Scopes.Intersect(scopes).Any();
}
