using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Profiles;

/// <summary>Applies security profiles to clients. Endpoints read only the client, and mostly need not know about profiles.</summary>
public static class ClientProfile
{
    /// <summary>The client with all requirements of its profile, or of the server's profile, switched on, whatever its record says.</summary>
    public static Client Apply(Client client, ServerOptions options) => Apply(client, ProfileNames.Stricter(client.Profile, options.Profile), options);

    /// <summary>
    /// The reasons why a client cannot be used after its profile was applied: it does not meet the profile, this release does not know the profile,
    /// or the server cannot sign for it.
    /// </summary>
    public static IEnumerable<ClientProblem> ProblemsOf(Client client, ServerOptions options)
    {
        if (client.Profile is null)
            return [];
        if (!ProfileNames.All.Contains(client.Profile))
            return [new("profile", "is unknown to this server")];
        return options.FapiAlgorithm is null
            ? [new("profile", $"needs {string.Join(" or ", SigningAlgorithms.OfFapi)} among the TokenAlgorithms of the server")]
            : FapiClauses.ProblemsOf(client, client.Profile);
    }

    private static Client Apply(Client client, string? profile, ServerOptions options)
    {
        if (profile is null || OwnClients.IsOwn(client))
            return client;
        client = client with { Profile = profile };
        return client with
        {
            AssertionAudience = AssertionAudiences.Issuer,
            RequirePkce = true,
            RequirePushedAuthorizationRequests = true,
            RequireSignedRequestObject = client.RequireSignedRequestObject || client.SignsMessages,
            // A token is bound to one key: to the certificate if the client is registered so, and otherwise by DPoP.
            DpopBoundAccessTokens = !client.TlsClientCertificateBoundAccessTokens,
            RefreshTokenReuse = true,
            IdTokenSignedResponseAlg = Allowed(client.IdTokenSignedResponseAlg, options),
            AuthorizationSignedResponseAlg = client.AuthorizationSignedResponseAlg ?? (client.SignsMessages ? options.FapiAlgorithm : null),
        };
    }

    /// <summary>RS256 is the default of a client that names no algorithm.</summary>
    private static string Allowed(string algorithm, ServerOptions options) =>
        algorithm == SigningAlgorithms.RS256 ? options.FapiAlgorithm ?? algorithm : algorithm;
}
