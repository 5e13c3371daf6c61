using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Claims;

/// <summary>The claims of a user for a client. A claim that the user does not have is left out (OpenID Connect Core §5.3.2).</summary>
public static class UserClaims
{
    /// <summary>The claims of scopes that were granted: OpenID Connect Core §5.4.</summary>
    public static JsonObject OfScopes(User user, IEnumerable<string> scopes, Catalog catalog) =>
        Named(user, scopes.SelectMany(scope => catalog.FindScope(scope)?.Claims ?? []));

    /// <summary>Those with these names.</summary>
    public static JsonObject Named(User user, IEnumerable<string> names)
    {
        var claims = new JsonObject();
        foreach (var name in names)
        {
            if (Find(user, name) is { } value)
                claims[name] = value;
        }
        return claims;
    }

    /// <summary>Bytes of JSON.</summary>
    public static int SizeOf(JsonObject claims) => JsonSerializer.SerializeToUtf8Bytes(claims).Length;

    /// <summary>Adds claims that the client requested one by one (§5.5.1), if this client may have them.</summary>
    public static void AddRequested(
        this JsonObject claims, User user, IReadOnlyDictionary<string, ClaimRequest> requested, Client client, Catalog catalog)
    {
        if (requested.Count == 0)
            return;
        var permitted = ClaimsRequest.Permitted(client, catalog);
        foreach (var (name, wish) in requested)
        {
            if (permitted.Contains(name) && Find(user, name) is { } value && wish.Wants(value))
                claims[name] = value;
        }
    }

    private static JsonNode? Find(User user, string name) =>
        user.Claims[name]?.DeepClone() ?? (name == "preferred_username" ? JsonValue.Create(user.Username) : null);
}
