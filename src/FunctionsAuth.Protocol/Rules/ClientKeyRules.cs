using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>What a client's keys must be, and the algorithm that it signs with: RFC 7591 §2, RFC 7517.</summary>
internal static class ClientKeyRules
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public static IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.Jwks is not null && client.JwksUri is not null)
            yield return new("jwks_uri", "can't stand beside jwks");
        if (client.JwksUri is { } url && !(ClientRules.IsClientUrl(url) && url.Fragment.Length == 0))
            yield return new("jwks_uri", "must be an absolute https URL without user and fragment");
        if (client.Jwks is { } jwks && ProblemOf(jwks) is { } problem)
            yield return new("jwks", problem);
        var method = client.TokenEndpointAuthMethod;
        if (method == AuthMethods.PrivateKeyJwt && client.Jwks is null && client.JwksUri is null)
            yield return new("jwks", "or jwks_uri is required with private_key_jwt");
        if (method == AuthMethods.ClientSecretJwt && client.ClientSecrets.Any(secret => secret.Text is null))
            yield return new("client_secret", "must be the secret itself with client_secret_jwt: its hash can't verify what was signed with it");
        if (client.TokenEndpointAuthSigningAlg is not { } algorithm)
            yield break;
        if (!AuthMethods.IsAssertion(method))
            yield return new("token_endpoint_auth_signing_alg", "must be left out: the client signs nothing to authenticate");
        else if (!AlgorithmsOf(method).Contains(algorithm))
            yield return new("token_endpoint_auth_signing_alg", ClientRules.OneOf(AlgorithmsOf(method)));
    }

    private static IReadOnlyList<string> AlgorithmsOf(string method) => method == AuthMethods.ClientSecretJwt ? [SigningAlgorithms.HS256] : SigningAlgorithms.All;

    private static string? ProblemOf(JsonObject jwks)
    {
        if (jwks["keys"] is not JsonArray { Count: > 0 } keys || !keys.All(key => key is JsonObject))
            return "must be a JWK set with at least one key";
        if (keys.Any(key => PrivateMembers.Any(((JsonObject)key!).ContainsKey)))
            return "must have public keys only";
        try
        {
            return ClientKeys.Parse(jwks.ToJsonString()).Count > 0 ? null : "must have an RSA or EC key for signatures";
        }
        catch (Fetch.FetchException)
        {
            return "must be a JWK set";
        }
    }
}
