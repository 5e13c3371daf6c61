using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>A registered client. Its fields have the names of RFC 7591 §2 where that has one.</summary>
public sealed record Client
{
    public required string ClientId { get; init; }

    /// <summary>How the person knows the app.</summary>
    public string? ClientName { get; init; }

    /// <summary>A disabled client is answered as an unknown one.</summary>
    public bool Disabled { get; init; }

    public string TokenEndpointAuthMethod { get; init; } = AuthMethods.ClientSecretBasic;

    /// <summary>The algorithm of its assertions (RFC 7591's registry); null: any that its method allows.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>Its public keys (RFC 7517 §5), for what it signs; either here or at <see cref="JwksUri"/>.</summary>
    public JsonObject? Jwks { get; init; }

    public Uri? JwksUri { get; init; }

    /// <summary>Several at a time, so that a secret can be replaced without a moment at which none is good.</summary>
    public IReadOnlyList<ClientSecret> ClientSecrets { get; init; } = [];

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    public IReadOnlyList<string> GrantTypes { get; init; } = [Protocol.GrantTypes.AuthorizationCode];

    /// <summary>The scopes that it may ask for, separated by spaces.</summary>
    public string Scope { get; init; } = "openid";

    /// <summary>The resources that it may ask for (RFC 8707), beside those that own its scopes.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The operator's own app: the user is not asked for consent.</summary>
    public bool FirstParty { get; init; }

    /// <summary>Origins whose browser code may read the answers. When none is given, a public client has those of its redirect URIs.</summary>
    public IReadOnlyList<string> AllowedCorsOrigins { get; init; } = [];

    /// <summary>
    /// False, for a confidential client only, lets it ask for a code without PKCE: for old libraries that rely on
    /// <c>nonce</c> instead (RFC 9700 §2.1.1).
    /// </summary>
    public bool RequirePkce { get; init; } = true;

    public Uri? ClientUri { get; init; }
    public Uri? LogoUri { get; init; }
    public Uri? PolicyUri { get; init; }
    public Uri? TosUri { get; init; }

    public string IdTokenSignedResponseAlg { get; init; } = SigningAlgorithms.RS256;

    /// <summary>
    /// Puts <c>at_hash</c> into the ID token of the code flow, where OpenID Connect Core §3.1.3.6 leaves it to the server.
    /// The two tokens can't be signed at the same time then, which costs one signature of latency.
    /// </summary>
    public bool IdTokenAtHash { get; init; }

    /// <summary>OpenID Connect Registration §2, seconds.</summary>
    public long? DefaultMaxAge { get; init; }

    /// <summary>Seconds; null takes the server's setting, and so do the following.</summary>
    public long? AccessTokenLifetime { get; init; }

    public long? RefreshTokenLifetime { get; init; }

    public long? RefreshTokenIdleLifetime { get; init; }

    /// <summary>True: the refresh token stays the same. For clients that can't store a new one safely and are confidential.</summary>
    public bool RefreshTokenReuse { get; init; }

    [JsonIgnore]
    public bool IsPublic => TokenEndpointAuthMethod == AuthMethods.None;

    [JsonIgnore]
    public IReadOnlyList<string> Scopes => Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public bool MayUse(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>The origins that <c>Access-Control-Allow-Origin</c> may name.</summary>
    public bool AllowsOrigin(string origin) => AllowedCorsOrigins.Count > 0
        ? AllowedCorsOrigins.Contains(origin)
        : IsPublic && RedirectUris.Any(uri => RedirectUri.OriginOf(uri) is { } own && RedirectUri.Matches(own, origin));
}

/// <param name="Sha256">base64url of the secret's SHA-256: secrets have at least 32 characters, so a slow hash would add nothing but load.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Text">The secret itself, only for client_secret_jwt: no hash can verify what it signed.</param>
public sealed record ClientSecret(string Sha256, DateTimeOffset? ExpiresAt = null, string? Text = null)
{
    /// <summary>Without the secret, so that none gets into a log.</summary>
    public override string ToString() => nameof(ClientSecret);
}
