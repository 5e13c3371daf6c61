using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>The client signs an assertion with its private key.</summary>
public sealed class PrivateKeyJwtFeature : ClientAuthenticationFeature
{
    public override string Name => AuthMethods.PrivateKeyJwt;

    public override IReadOnlyList<string> AssertionAlgorithms => SigningAlgorithms.All;

    public override bool IsOpenToRegistrants => true;

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count > 0)
            yield return new("client_secret", "must be left out, because the client signs with its private key");
        if (client.Jwks is null && client.JwksUri is null)
            yield return new("jwks", "or jwks_uri is required with private_key_jwt");
    }

    public override void AddServices(IServiceCollection services) => ClientAssertions.AddTo(services);
}

/// <summary>The client signs an assertion with the secret that it shares with the server.</summary>
public sealed class ClientSecretJwtFeature : SharedSecretFeature
{
    public override string Name => AuthMethods.ClientSecretJwt;

    public override KeptSecret Secret => KeptSecret.Text;

    public override IReadOnlyList<string> AssertionAlgorithms => [SigningAlgorithms.HS256];

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        foreach (var problem in base.ProblemsOf(client))
            yield return problem;
        if (client.ClientSecrets.Any(secret => secret.Text is null))
            yield return new("client_secret", "must be the secret itself with client_secret_jwt, because a hash of the secret cannot verify signatures");
    }

    public override void AddServices(IServiceCollection services) => ClientAssertions.AddTo(services);
}
