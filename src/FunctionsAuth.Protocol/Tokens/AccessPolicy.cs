using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>What an access token may do, and where.</summary>
/// <param name="Audience">The <c>aud</c>: at least one resource; the issuer itself stands for userinfo.</param>
public sealed record TokenAccess(IReadOnlyList<string> Scopes, IReadOnlyList<string> Audience)
{
    /// <summary>What more it may do, in detail: RFC 9396.</summary>
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;

    /// <summary>The scopes as one text, separated by spaces.</summary>
    public string Scope => Scopes.Count == 1 ? Scopes[0] : string.Join(' ', Scopes);
}

/// <summary>Decides which scopes and resources a client gets: RFC 6749 §3.3 and RFC 8707.</summary>
public sealed class AccessPolicy(ServerUrls urls)
{
    /// <summary>How requests may name userinfo: by its address, as its metadata says (RFC 9728 §2), or by the issuer.</summary>
    private readonly string[] userInfo = [ResourceName.Normalize(urls.Issuer), ResourceName.Normalize(urls.Of(Routes.UserInfo))];

    /// <summary>
    /// What an authorization request may have of what it asks for. RFC 6749 §3.3 has the server grant less than was asked for if it says so,
    /// and every token response says its scope: a client that asks for all that the metadata lists gets what it may have. One that names no
    /// scope asks for just that; many clients of the Model Context Protocol do. One that names details and no scope asks for the details alone.
    /// </summary>
    /// <param name="details">See <see cref="DetailsPolicy.Read"/>.</param>
    /// <returns>The scopes and the resources of the grant; no resources when the request named none.</returns>
    public (IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources) ForAuthorization(
        Client client, Catalog catalog, string? scope, IReadOnlyList<string> resources, AuthorizationDetails details)
    {
        resources = Registered(catalog, resources);
        var needsNone = scope is null && details.Count > 0;
        // OpenID Connect Core §3.1.2.1: scopes that the server does not understand are ignored; and §11: so is
        // offline_access from a client that has no use for it.
        var scopes = Catalog.Parse(needsNone ? null : scope ?? client.Scope)
            .Where(name => catalog.FindScope(name) is not null)
            .Where(name => name != StandardScopes.OfflineAccess || client.MayUse(GrantTypeNames.RefreshToken))
            .ToList();
        if (scopes.Count == 0 && !needsNone)
            throw OAuthError.InvalidScope("The scope has none that this server knows");
        scopes.RemoveAll(name => !client.Scopes.Contains(name));
        if (scopes.Count == 0 && !needsNone)
            throw OAuthError.InvalidScope("The scope has none that this client may ask for");
        CheckResources(resources, name => MayBeGranted(client, catalog, name, details));
        if (resources.Count > 0)
            scopes = [.. scopes.Where(name => catalog.IsFor(name, WithIssuer(resources, scopes), urls.Issuer))];
        if (resources.Count > 0 && DetailsPolicy.For(catalog, details, resources).Count < details.Count)
            throw NotOfTheResource();
        return scopes.Count > 0 || needsNone
            ? (scopes, [.. resources.Distinct()])
            : throw OAuthError.InvalidScope("None of the scopes belongs to the resource");
    }

    /// <summary>For requests of programs that no person confirms: there, one scope that the client may not ask for is an error.</summary>
    /// <exception cref="OAuthException"><c>invalid_scope</c>.</exception>
    public static void RefuseForbidden(Client client, Catalog catalog, string? scope)
    {
        var known = Catalog.Parse(scope).Where(name => catalog.FindScope(name) is not null);
        if (!known.Where(name => name != StandardScopes.OfflineAccess || client.MayUse(GrantTypeNames.RefreshToken)).All(client.Scopes.Contains))
            throw OAuthError.InvalidScope("The scope has one that this client may not ask for");
    }

    /// <summary>
    /// What one access token of a grant may have: everything, or what the token request narrows it to (RFC 8707 §2.2, RFC
    /// 6749 §6). A token carries only the scopes that its audience understands, and only what the client may still ask for:
    /// the operator may have taken something from it since.
    /// </summary>
    public TokenAccess Narrow(Client client, Catalog catalog, Grant grant, AccessWish wish)
    {
        var resources = Registered(catalog, wish.Resources);
        List<string> scopes = [.. grant.Scopes.Where(name => client.Scopes.Contains(name) && catalog.FindScope(name) is not null)];
        var details = DetailsPolicy.Narrow(DetailsPolicy.StillGood(client, catalog, grant.Details), wish.Details);
        List<string> grantedResources = [.. grant.Resources.Where(name => MayBeGranted(client, catalog, name, details))];
        if (grant.Resources.Count > 0 && grantedResources.Count == 0)
            throw OAuthError.InvalidTarget("The client may not ask for the resource any more");
        var wanted = wish.Scope is null ? scopes : Catalog.Parse(wish.Scope);
        if (!wanted.All(scopes.Contains))
            throw OAuthError.InvalidScope("The scope has one that was not granted");
        var granted = WithIssuer(grantedResources.Count > 0 ? grantedResources : OwnersOf(catalog, scopes, details), scopes);
        CheckResources(resources, granted.Contains);
        IReadOnlyList<string> audience = resources.Count > 0 ? [.. resources.Distinct()]
            : WithIssuer(WithoutManage(grantedResources.Count > 0 ? grantedResources : OwnersOf(catalog, wanted, details)), wanted);
        return Fit(client, catalog, wanted, details, audience, wish);
    }

    /// <summary>
    /// As <see cref="Narrow"/>, for the user of the grant: without the scopes that the client's maps give to other groups. A client that asks
    /// for one of them by name is not to blame, so it is left out there, too.
    /// </summary>
    /// <returns>The client as this user uses it, and the access.</returns>
    public (Client Client, TokenAccess Access) NarrowFor(
        IReadOnlyList<string> groups, Client client, Catalog catalog, Grant grant, AccessWish wish)
    {
        var own = client.For(groups);
        var wanted = wish.Scope is null ? null : string.Join(' ', client.LeftOf(Catalog.Parse(wish.Scope), own));
        return (own, Narrow(own, catalog, grant, wish with { Scope = wanted }));
    }

    /// <summary>What of an authorization request a member of these groups may have, with what the groups add to it.</summary>
    /// <returns>The client as that member uses it, and what is left; null when the groups give no access to the client.</returns>
    public (Client Client, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources)? ForMember(
        IReadOnlyList<string> groups, Client client, Catalog catalog, IReadOnlyList<string> scopes, IReadOnlyList<string> resources, AuthorizationDetails details)
    {
        var own = client.For(groups);
        List<string> allowed = [.. scopes.Union(own.Supplementary(groups)).Where(name => own.Scopes.Contains(name) && catalog.FindScope(name) is not null)];
        List<string> left = [.. resources.Where(name => MayBeGranted(own, catalog, name, details))];
        if (resources.Count > 0)
            allowed = left.Count == 0 ? [] : [.. allowed.Where(name => catalog.IsFor(name, WithIssuer(left, allowed), urls.Issuer))];
        return allowed.Count > 0 && own.Admits(groups, allowed) ? (own, allowed, left) : null;
    }

    /// <summary>What a client gets for itself (RFC 6749 §4.4): its API scopes, never a user's, and those that the maps give to groups only if it is in one of these.</summary>
    public TokenAccess ForClient(Client client, Catalog catalog, AccessWish wish)
    {
        var resources = Registered(catalog, wish.Resources);
        var details = DetailsPolicy.Read(client, catalog, wish.Details);
        if (DetailsPolicy.AlwaysAsks(catalog, details))
            throw OAuthError.InvalidAuthorizationDetails("The authorization_details have a type that only a person can allow");
        var own = client.ForItself().Scopes;
        IReadOnlyList<string> wanted = wish.Scope is not null ? Catalog.Parse(wish.Scope) : details.Count > 0 ? [] : [.. own.Where(name => IsOfApi(catalog, name))];
        foreach (var name in wanted)
        {
            if (!own.Contains(name) || !IsOfApi(catalog, name))
                throw OAuthError.InvalidScope("The scope has one that this client may not have for itself");
        }
        CheckResources(resources, name => MayAskFor(client, catalog, name, details));
        var audience = resources.Count > 0 ? [.. resources.Distinct()] : WithoutManage(OwnersOf(catalog, wanted, details));
        if (audience.Count == 0)
            audience = [.. client.Resources];
        if (audience.Count == 0)
            audience = [urls.Issuer];
        return wanted.Count > 0 || details.Count > 0 ? Fit(client, catalog, wanted, details, audience, wish) : new TokenAccess([], audience);
    }

    private TokenAccess Fit(
        Client client, Catalog catalog, IReadOnlyList<string> wanted, AuthorizationDetails wantedDetails, IReadOnlyList<string> audience, AccessWish wish)
    {
        if (audience.Count > 1 && audience.Contains(urls.ManageResource) && audience.Except([urls.ManageResource, urls.Issuer]).Any())
            throw OAuthError.InvalidTarget("A token for the management API can't be for another API, too: each API could use it at the other one");
        var details = DetailsPolicy.For(catalog, wantedDetails, audience);
        if (wish.Details is not null && details.Count < wantedDetails.Count)
            throw NotOfTheResource();
        var scopes = FitFor(catalog, wanted, audience);
        // A resource that has no scopes is granted as a whole: a token for it needs none, unless the client wants some by name.
        var needsNone = scopes.Count == 0 && wish.Scope is null && (details.Count > 0 || audience.Any(name => client.Resources.Contains(name) && catalog.FindResource(name) is { Scopes.Count: 0 }));
        return scopes.Count > 0 || needsNone
            ? new TokenAccess(scopes, audience) { Details = details }
            : throw OAuthError.InvalidScope("None of the scopes belongs to the resource, or the client may not ask for them any more");
    }

    /// <summary>The scopes that a token for the audience may carry; the same list where that is all of them.</summary>
    private IReadOnlyList<string> FitFor(Catalog catalog, IReadOnlyList<string> wanted, IReadOnlyList<string> audience)
    {
        foreach (var name in wanted)
        {
            if (!catalog.IsFor(name, audience, urls.Issuer))
                return [.. wanted.Where(one => catalog.IsFor(one, audience, urls.Issuer))];
        }
        return wanted;
    }

    /// <summary>A scope that says something of a user is none of an API.</summary>
    private static bool IsOfApi(Catalog catalog, string scope) => !StandardScopes.Contains(scope) && catalog.FindScope(scope) is not null;

    /// <summary>The <c>aud</c> has the spelling that the API knows: that of its registration, or of the issuer.</summary>
    private IReadOnlyList<string> Registered(Catalog catalog, IReadOnlyList<string> resources) => resources.Count == 0 ? resources :
        [.. resources.Select(name => userInfo.Contains(ResourceName.Normalize(name)) ? urls.Issuer : catalog.Registered(name)).Distinct()];

    /// <summary>By a person: that may be userinfo alone, too.</summary>
    private bool MayBeGranted(Client client, Catalog catalog, string resource, AuthorizationDetails details) => resource == urls.Issuer || MayAskFor(client, catalog, resource, details);

    /// <summary>It is one of the client's, or owns a scope that the client may ask for.</summary>
    internal static bool MayAskFor(Client client, Catalog catalog, string resource) =>
        catalog.FindResource(resource) is { } known
        && (client.Resources.Contains(resource) || known.Scopes.Any(client.Scopes.Contains));

    /// <summary>The same for an API that owns one of the details. Without these, a token for it would allow more than what was shown.</summary>
    private static bool MayAskFor(Client client, Catalog catalog, string resource, AuthorizationDetails details) =>
        MayAskFor(client, catalog, resource) || DetailsPolicy.OwnersOf(catalog, details).Contains(resource);

    private static void CheckResources(IReadOnlyList<string> resources, Func<string, bool> isAllowed)
    {
        if (resources.Count > 0 && !resources.All(isAllowed))
            throw OAuthError.InvalidTarget("The resource is unknown, or not for this client or this grant");
    }

    private static OAuthException NotOfTheResource() => OAuthError.InvalidAuthorizationDetails("The authorization_details have an element that is for another API than the resource");

    private static List<string> OwnersOf(Catalog catalog, IReadOnlyList<string> scopes, AuthorizationDetails details)
    {
        List<string> owners = [];
        foreach (var scope in scopes)
        {
            foreach (var resource in catalog.OwnersOf(scope))
            {
                if (!owners.Contains(resource.Identifier))
                    owners.Add(resource.Identifier);
            }
        }
        return details.Count == 0 ? owners : [.. owners.Union(DetailsPolicy.OwnersOf(catalog, details))];
    }

    /// <summary>A token that names no resource is for the management API only where it is for no other API.</summary>
    private List<string> WithoutManage(List<string> resources) =>
        resources.Count > 1 && resources.Except([urls.Issuer]).Count() > 1 ? [.. resources.Except([urls.ManageResource])] : resources;

    /// <summary>With openid, the token is for userinfo, too; without any API it is for this server alone.</summary>
    private List<string> WithIssuer(IReadOnlyList<string> resources, IReadOnlyList<string> scopes) =>
        resources.Count == 0 || scopes.Contains(StandardScopes.OpenId) ? [.. resources.Except([urls.Issuer]), urls.Issuer] : [.. resources];
}
