using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.GrantTypes.ClientCredentials;

/// <summary>RFC 6749 §4.4: for confidential clients only.</summary>
public sealed class ClientCredentialsFeature : GrantTypeFeature
{
    public override string Name => GrantTypeNames.ClientCredentials;

    public override string? ProblemOf(Client client, FeatureSet features) =>
        client.IsPublic ? "must not be client_credentials for a client without a secret" : null;

    public override void AddServices(IServiceCollection services) => services.AddSingleton<GrantTypeHandler, ClientCredentialsHandler>();
}
