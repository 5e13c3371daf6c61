using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Features;

/// <summary>
/// What a server can do. Everything that lists grant types, client authentication methods or endpoints asks this object, so that a
/// further one is in no other list.
/// </summary>
public sealed record FeatureSet
{
    public required IReadOnlyList<GrantTypeFeature> GrantTypes { get; init; }

    public required IReadOnlyList<ClientAuthenticationFeature> ClientAuthentication { get; init; }

    public required IReadOnlyList<EndpointFeature> Endpoints { get; init; }

    /// <summary>What the server signs tokens with: <c>TokenAlgorithms</c> of the settings.</summary>
    public IReadOnlyList<string> TokenAlgorithms { get; init; } = SigningAlgorithms.All;

    /// <summary>These features as the settings have them.</summary>
    public FeatureSet With(ServerOptions options) => this with { TokenAlgorithms = options.TokenAlgorithmList };

    public GrantTypeFeature? FindGrantType(string name) => GrantTypes.FirstOrDefault(feature => feature.Name == name);

    public ClientAuthenticationFeature? FindClientAuthentication(string name) => ClientAuthentication.FirstOrDefault(feature => feature.Name == name);

    /// <summary>What the server keeps of the secret of a client that authenticates so; nothing where the method is unknown.</summary>
    public KeptSecret KeptSecretOf(string authenticationMethod) => FindClientAuthentication(authenticationMethod)?.Secret ?? KeptSecret.None;
}
