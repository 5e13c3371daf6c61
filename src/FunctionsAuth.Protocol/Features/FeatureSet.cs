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

    /// <summary>What clients may sign requests and assertions with.</summary>
    public IReadOnlyList<string> ClientAlgorithms { get; init; } = SigningAlgorithms.All;

    /// <summary>The profile of the settings: all clients must meet it. Null: there is none.</summary>
    public string? Profile { get; init; }

    /// <summary>These features as the settings have them. With a profile, what it forbids is not there at all.</summary>
    public FeatureSet With(ServerOptions options) => options.Profile is null
        ? this with { TokenAlgorithms = options.TokenAlgorithmList }
        : this with
        {
            Profile = options.Profile,
            TokenAlgorithms = [.. options.TokenAlgorithmList.Where(SigningAlgorithms.OfFapi.Contains)],
            ClientAlgorithms = SigningAlgorithms.OfFapi,
            ClientAuthentication = [.. ClientAuthentication.Where(method => AuthMethods.OfFapi.Contains(method.Name))],
            GrantTypes = [.. GrantTypes.Where(grantType => !GrantTypeNames.ForbiddenByFapi.Contains(grantType.Name))],
        };

    public GrantTypeFeature? FindGrantType(string name) => GrantTypes.FirstOrDefault(feature => feature.Name == name);

    public ClientAuthenticationFeature? FindClientAuthentication(string name) => ClientAuthentication.FirstOrDefault(feature => feature.Name == name);

    /// <summary>What the server keeps of the secret of a client that authenticates so; nothing where the method is unknown.</summary>
    public KeptSecret KeptSecretOf(string authenticationMethod) => FindClientAuthentication(authenticationMethod)?.Secret ?? KeptSecret.None;
}
