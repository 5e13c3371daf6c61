using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Scopes;

/// <summary>A scope that the operator defines. Those of OpenID Connect are built in: see <see cref="StandardScopes"/>.</summary>
public sealed record Scope
{
    public required string Name { get; init; }

    /// <summary>What the consent page says.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary>Display name and description in other languages, by member and language tag, such as <c>display_name#de</c>: see <see cref="LocalTexts"/>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    /// <summary>Claims of the user that userinfo gives to a token with this scope.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>A user cannot decline it on the consent page, for any client.</summary>
    public bool Required { get; init; }

    /// <summary>The public metadata lists it. The metadata also lists the scopes for self-registered clients.</summary>
    public bool Advertised { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";
}

/// <summary>An API, which the <c>resource</c> parameter of RFC 8707 and the <c>aud</c> of an access token name.</summary>
public sealed record Resource
{
    /// <summary>An absolute URI without fragment (RFC 8707 §2).</summary>
    public required string Identifier { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Display name in other languages, by member and language tag, such as <c>display_name#de</c>: see <see cref="LocalTexts"/>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    /// <summary>The scopes of this API. A scope that no resource lists is for any audience.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>For each claim, the values that each group gives, in access tokens for this API.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? ClaimMaps { get; init; }

    /// <summary>RS256 or ES256; null for the server's setting.</summary>
    public string? AccessTokenSigningAlg { get; init; }

    /// <summary>Seconds; null for the client's or the server's setting.</summary>
    public long? AccessTokenLifetime { get; init; }

    /// <summary>One of <see cref="AccessTokenFormats"/>; null for the client's format.</summary>
    public string? AccessTokenFormat { get; init; }

    /// <summary>The clients that may introspect access tokens for this API (RFC 7662 §2.1): the API itself.</summary>
    public IReadOnlyList<string> IntrospectedBy { get; init; } = [];

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";
}
