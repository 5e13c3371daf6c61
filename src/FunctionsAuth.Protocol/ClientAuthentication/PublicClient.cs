using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>A client that cannot keep a secret identifies itself without authentication: RFC 6749 §3.2.1.</summary>
public sealed class PublicClient : ClientAuthenticationFeature
{
    public override string Name => AuthMethods.None;

    public override bool IsProof => false;

    public override bool IsOpenToRegistrants => true;

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count > 0)
            yield return new("client_secret", "must be left out, because token_endpoint_auth_method is none");
    }

    /// <summary>The credentials of a client that used no other method.</summary>
    internal static PresentedCredentials Read(Parameters form) => new(AuthMethods.None, ClientIdOf(form), (_, _) => ValueTask.FromResult(true));

    /// <exception cref="OAuthException"><c>invalid_client</c>: the client_id is missing.</exception>
    internal static string ClientIdOf(Parameters form) => form[Parameter.ClientId] ?? throw OAuthError.InvalidClient("The client_id is missing", false);
}
