using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for a client's keys and for its signature algorithm: RFC 7591 §2, RFC 7517.</summary>
internal static class ClientKeyRules
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <param name="algorithms">The algorithms with which the client may sign to authenticate; empty if it signs nothing.</param>
    public static IEnumerable<ClientProblem> ProblemsOf(Client client, IReadOnlyList<string> algorithms)
    {
        if (client.Jwks is not null && client.JwksUri is not null)
            yield return new("jwks_uri", "can't be used together with jwks");
        if (client.JwksUri is { } url && !(ClientRules.IsClientUrl(url) && url.Fragment.Length == 0))
            yield return new("jwks_uri", "must be an absolute https URL without user and fragment");
        if (client.Jwks is { } jwks && ProblemOf(jwks) is { } problem)
            yield return new("jwks", problem);
        if (client.TokenEndpointAuthSigningAlg is not { } algorithm)
            yield break;
        if (algorithms.Count == 0)
            yield return new("token_endpoint_auth_signing_alg", "must be left out, because the client does not authenticate with a signed JWT");
        else if (!algorithms.Contains(algorithm))
            yield return new("token_endpoint_auth_signing_alg", ClientRules.OneOf(algorithms));
    }

    private static string? ProblemOf(JsonObject jwks)
    {
        if (jwks["keys"] is not JsonArray { Count: > 0 } keys || !keys.All(key => key is JsonObject))
            return "must be a JWK set with at least one key";
        if (keys.Count > ClientKeySet.MostKeys)
            return $"must have at most {ClientKeySet.MostKeys} keys";
        if (keys.Any(key => PrivateMembers.Any(((JsonObject)key!).ContainsKey)))
            return "must have public keys only";
        try
        {
            return ClientKeySet.Parse(jwks.ToJsonString()).Count > 0 ? null : "must have an RSA or EC key for signatures";
        }
        catch (Fetch.FetchException)
        {
            return "must be a JWK set";
        }
    }
}
