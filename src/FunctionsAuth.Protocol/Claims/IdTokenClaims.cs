using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Claims;

/// <summary>
/// The claims of the user that a client's ID tokens have without a request for single claims. OpenID Connect Core §5.4 leaves them to userinfo, but
/// many libraries read only the ID token.
/// </summary>
public static class IdTokenClaims
{
    /// <summary>Bytes of JSON. A client sends its ID token back as <c>id_token_hint</c>, and a query may have 4,096 characters at most.</summary>
    public const int MostBytes = 2_048;

    /// <summary>The claims for a client that an operator registered, unless its <c>id_token_claims</c> differ: few, and enough to greet a user.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["name", "preferred_username", "email", "email_verified"];

    private static readonly Catalog Standard = new([], []);

    /// <param name="scopes">The granted scopes: a claim is included only if its scope was granted.</param>
    public static IReadOnlyList<string> NamesFor(Client client, IReadOnlyList<string> scopes, Catalog catalog)
    {
        // A client that registered itself gets none. Rows of earlier releases have no list.
        var wanted = client.IdTokenClaims ?? (client.Registration is null ? Usual : []);
        if (wanted.Count == 0 || !scopes.Contains(StandardScopes.OpenId))
            return [];
        var brought = scopes.Where(client.Scopes.Contains).SelectMany(scope => catalog.FindScope(scope)?.Claims ?? []).ToHashSet();
        return [.. wanted.Where(brought.Contains).Distinct()];
    }

    /// <summary>The same, limited to claims that the scopes of OpenID Connect include.</summary>
    public static IReadOnlyList<string> StandardNamesFor(Client client, IReadOnlyList<string> scopes) => NamesFor(client, scopes, Standard);
}
