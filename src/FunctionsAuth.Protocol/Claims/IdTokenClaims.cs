using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Claims;

/// <summary>
/// The claims of the user that a client's ID tokens have without being asked for one by one. OpenID Connect Core §5.4 leaves them to
/// userinfo, but many libraries read nothing except the ID token.
/// </summary>
public static class IdTokenClaims
{
    /// <summary>Bytes of JSON. A client sends its ID token back as <c>id_token_hint</c>, and a query may have 4,096 characters at most.</summary>
    public const int MostBytes = 2_048;

    /// <summary>What a client gets that an operator registered, unless its <c>id_token_claims</c> says otherwise: small, and enough to greet a person.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["name", "preferred_username", "email", "email_verified"];

    private static readonly Catalog Standard = new([], []);

    /// <param name="scopes">Those that were granted: a claim comes with its scope only.</param>
    public static IReadOnlyList<string> NamesFor(Client client, IReadOnlyList<string> scopes, Catalog catalog)
    {
        // Nobody vouches for a client that registered itself. Rows of earlier releases have no list.
        var wanted = client.IdTokenClaims ?? (client.Registration is null ? Usual : []);
        if (wanted.Count == 0 || !scopes.Contains(StandardScopes.OpenId))
            return [];
        var brought = scopes.Where(client.Scopes.Contains).SelectMany(scope => catalog.FindScope(scope)?.Claims ?? []).ToHashSet();
        return [.. wanted.Where(brought.Contains).Distinct()];
    }

    /// <summary>The same, as far as the scopes of OpenID Connect bring them.</summary>
    public static IReadOnlyList<string> StandardNamesFor(Client client, IReadOnlyList<string> scopes) => NamesFor(client, scopes, Standard);
}
