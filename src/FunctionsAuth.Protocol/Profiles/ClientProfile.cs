using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Profiles;

/// <summary>Holds clients to a security profile. Endpoints read a client only, and need not know of profiles for most of what they demand.</summary>
public static class ClientProfile
{
    /// <summary>The client with everything switched on that its profile, or the server's, demands, whatever its record says.</summary>
    public static Client Apply(Client client, ServerOptions options) => Apply(client, ProfileNames.Stricter(client.Profile, options.Profile), options);

    /// <summary>
    /// Why a client, made to meet its profile as far as that can be, can not be used: it does not meet its profile, this release does not know that one, or the server can't
    /// sign for it.
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
            // A token is bound to one key: by the certificate where the client is registered so, and else by DPoP.
            DpopBoundAccessTokens = !client.TlsClientCertificateBoundAccessTokens,
            RefreshTokenReuse = true,
            IdTokenSignedResponseAlg = Allowed(client.IdTokenSignedResponseAlg, options),
            AuthorizationSignedResponseAlg = client.AuthorizationSignedResponseAlg ?? (client.SignsMessages ? options.FapiAlgorithm : null),
        };
    }

    /// <summary>RS256 is what a client has that names nothing.</summary>
    private static string Allowed(string algorithm, ServerOptions options) =>
        algorithm == SigningAlgorithms.RS256 ? options.FapiAlgorithm ?? algorithm : algorithm;
}
