using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Features;

/// <summary>
/// The features of a server. All lists of grant types, client authentication methods and endpoints come from this object, so that a new one is added
/// in one place.
/// </summary>
public sealed record FeatureSet
{
    public required IReadOnlyList<GrantTypeFeature> GrantTypes { get; init; }

    public required IReadOnlyList<ClientAuthenticationFeature> ClientAuthentication { get; init; }

    public required IReadOnlyList<EndpointFeature> Endpoints { get; init; }

    /// <summary>The algorithms for tokens: <c>TokenAlgorithms</c> of the settings.</summary>
    public IReadOnlyList<string> TokenAlgorithms { get; init; } = SigningAlgorithms.All;

    /// <summary>The algorithms that clients may use for requests and assertions.</summary>
    public IReadOnlyList<string> ClientAlgorithms { get; init; } = SigningAlgorithms.All;

    /// <summary>The profile of the settings, which all clients must meet; null: none.</summary>
    public string? Profile { get; init; }

    /// <summary>These features with the settings applied. With a profile, forbidden features are left out.</summary>
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

    /// <summary>The stored form of the secret of a client with this method; none if the method is unknown.</summary>
    public KeptSecret KeptSecretOf(string authenticationMethod) => FindClientAuthentication(authenticationMethod)?.Secret ?? KeptSecret.None;
}
