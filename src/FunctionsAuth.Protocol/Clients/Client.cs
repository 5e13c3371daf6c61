using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>A registered client. Its fields have the names of RFC 7591 §2 where that has one.</summary>
public sealed record Client
{
    private string[]? scopes;

    public required string ClientId { get; init; }

    /// <summary>The name of the app for users.</summary>
    public string? ClientName { get; init; }

    /// <summary>The server treats a disabled client like an unknown client.</summary>
    public bool Disabled { get; init; }

    public string TokenEndpointAuthMethod { get; init; } = AuthMethods.ClientSecretBasic;

    /// <summary>The algorithm of its assertions (RFC 7591's registry); null: any algorithm that its method allows.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>Its public keys (RFC 7517 §5), for signatures of the client. They are either here or at <see cref="JwksUri"/>.</summary>
    public JsonObject? Jwks { get; init; }

    public Uri? JwksUri { get; init; }

    /// <summary>A client can have several secrets, so that a secret can be replaced without an interruption.</summary>
    [StoredOnly]
    public IReadOnlyList<ClientSecret> ClientSecrets { get; init; } = [];

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    public IReadOnlyList<string> GrantTypes { get; init; } = [GrantTypeNames.AuthorizationCode];

    /// <summary>The response types that it may use. Everything except <c>code</c> is legacy: see <see cref="Configuration.LegacyOptions"/>.</summary>
    public IReadOnlyList<string> ResponseTypes { get; init; } = [ResponseTypeNames.Code];

    /// <summary>The scopes that it may ask for, separated by spaces.</summary>
    public string Scope
    {
        get;
        init => (field, scopes) = (value, null);
    } = "openid";

    /// <summary>The resources that it may ask for (RFC 8707), in addition to the resources of its scopes.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The types of authorization details that it may ask for: RFC 9396 §10.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>The groups of the client itself, for tokens that it gets for itself.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>
    /// The scopes that each group gives. A user who gets none of them may not use the client, and other users cannot get these scopes. Null: no such
    /// rule.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ScopeMaps { get; init; }

    /// <summary>Scopes that group members get in addition to the requested ones. They do not decide who may use the client.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? SupplementaryScopeMaps { get; init; }

    /// <summary>
    /// The scopes that groups of managers give, by group. They come from the settings and are not stored. As with the other maps, only members can
    /// get these scopes. A client that acts for itself needs no group for them.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ManageScopeMaps { get; init; }

    /// <summary>For each claim of access tokens, ID tokens and userinfo, the values that each group gives.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? ClaimMaps { get; init; }

    /// <summary>
    /// The scopes that a user cannot decline on the consent page, in addition to <c>openid</c> and scopes that are required for all clients. Null:
    /// all scopes for a client that an operator registered, and none for a client that registered itself.
    /// </summary>
    public IReadOnlyList<string>? RequiredScopes { get; init; }

    /// <summary>The operator's own app: the user is not asked for consent.</summary>
    public bool FirstParty { get; init; }

    /// <summary>The origins whose browser code may read the answers. If none is given, a public client has the origins of its redirect URIs.</summary>
    public IReadOnlyList<string> AllowedCorsOrigins { get; init; } = [];

    /// <summary>False, for a confidential client only, allows codes without PKCE: for old libraries that rely on <c>nonce</c> instead (RFC 9700 §2.1.1).</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>The security profile that it must meet: one of <see cref="ProfileNames"/>. Null: none, unless the server has one.</summary>
    public string? Profile { get; init; }

    /// <summary><c>issuer</c>: the audience of its assertions must be the issuer alone, in one string. Null: endpoints are allowed too.</summary>
    public string? AssertionAudience { get; init; }

    /// <summary>The client must use pushed authorization requests (RFC 9126 §6).</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>The client must send its requests in a JWT that it signed (RFC 9101 §10.5).</summary>
    public bool RequireSignedRequestObject { get; init; }

    /// <summary>The algorithm of its request objects; null: any algorithm that the server supports.</summary>
    public string? RequestObjectSigningAlg { get; init; }

    /// <summary>The addresses of its request objects. A fragment in them is ignored.</summary>
    public IReadOnlyList<Uri> RequestUris { get; init; } = [];

    /// <summary><c>web</c> or <c>native</c> (OpenID Connect Registration §2).</summary>
    public string ApplicationType { get; init; } = ApplicationTypes.Web;

    /// <summary>Email addresses of the people who are responsible for the client.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }

    /// <summary>A description of the app, for users who choose among their apps.</summary>
    public string? ClientDescription { get; init; }

    /// <summary>False hides it in the portal. Null: the portal shows it if it has an address at which a user can begin.</summary>
    public bool? ShowInPortal { get; init; }

    /// <summary>The address at which others can begin a login at this client (OpenID Connect Core §4).</summary>
    public Uri? InitiateLoginUri { get; init; }

    /// <summary>Its access tokens are bound to a key (RFC 9449 §5.2), so it must send a DPoP proof.</summary>
    public bool DpopBoundAccessTokens { get; init; }

    /// <summary>Its access tokens are bound to its certificate (RFC 8705 §3.4), so it must send the certificate.</summary>
    public bool TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>The subject of its certificate, as RFC 4514 writes it. With tls_client_auth it has this or one of the following (RFC 8705 §2.1.2).</summary>
    public string? TlsClientAuthSubjectDn { get; init; }

    /// <summary>A DNS name in the certificate.</summary>
    public string? TlsClientAuthSanDns { get; init; }

    /// <summary>A URI in the certificate.</summary>
    public string? TlsClientAuthSanUri { get; init; }

    /// <summary>An IP address in the certificate.</summary>
    public string? TlsClientAuthSanIp { get; init; }

    /// <summary>An email address in the certificate.</summary>
    public string? TlsClientAuthSanEmail { get; init; }

    /// <summary>Name and description in other languages, by member and language tag, such as <c>client_name#de</c>: see <see cref="LocalTexts"/>.</summary>
    [JsonPropertyName(LocalTexts.Member)]
    public IReadOnlyDictionary<string, string>? Localized { get; init; }

    /// <summary>The colour of its login pages, such as #0b655a. Only an import can set it.</summary>
    public string? BrandAccent { get; init; }

    public Uri? ClientUri { get; init; }
    public Uri? LogoUri { get; init; }
    public Uri? PolicyUri { get; init; }
    public Uri? TosUri { get; init; }

    public string IdTokenSignedResponseAlg { get; init; } = SigningAlgorithms.RS256;

    /// <summary>
    /// The algorithm of its authorization responses if it asks for a JWT (JARM §3). Null: it gets none, because each costs a signature and anybody
    /// can cause an error response.
    /// </summary>
    public string? AuthorizationSignedResponseAlg { get; init; }

    /// <summary>The algorithm of its userinfo answers; null: plain JSON.</summary>
    public string? UserinfoSignedResponseAlg { get; init; }

    /// <summary>The algorithm of the introspection answers that it asks for as JWTs (RFC 9701 §6); null: plain JSON. Only an operator registers it.</summary>
    public string? IntrospectionSignedResponseAlg { get; init; }

    /// <summary><c>public</c>, or <c>pairwise</c>: a separate subject for each sector (OpenID Connect Core §8).</summary>
    public string SubjectType { get; init; } = SubjectTypes.Public;

    /// <summary>Its host is the sector of a client whose redirect URIs have several hosts (OpenID Connect Core §8.1).</summary>
    public Uri? SectorIdentifierUri { get; init; }

    /// <summary>The <c>acr_values</c> of requests that have none.</summary>
    public IReadOnlyList<string> DefaultAcrValues { get; init; } = [];

    /// <summary>The authentication level that users of the client need, by its name. Null: a password is enough.</summary>
    public string? RequiredAcr { get; init; }

    /// <summary>The address to which the server posts a logout token when a session ends in which the client took part (Back-Channel Logout §2.2).</summary>
    public Uri? BackchannelLogoutUri { get; init; }

    /// <summary>The logout token must have a <c>sid</c>. This server always includes it.</summary>
    public bool BackchannelLogoutSessionRequired { get; init; }

    /// <summary>The page that the user's browser loads then (Front-Channel Logout §2).</summary>
    public Uri? FrontchannelLogoutUri { get; init; }

    /// <summary>The page needs <c>iss</c> and <c>sid</c>. This server always includes them.</summary>
    public bool FrontchannelLogoutSessionRequired { get; init; }

    /// <summary>
    /// Adds <c>at_hash</c> to the ID token of the code flow, where OpenID Connect Core §3.1.3.6 makes it optional. The two tokens then cannot be
    /// signed at the same time, which takes the time of one more signature.
    /// </summary>
    public bool IdTokenAtHash { get; init; }

    /// <summary>
    /// The claims of the user in its ID tokens, if the granted scopes include them. Null: the usual claims for a client that an operator registered,
    /// and none for a client that registered itself.
    /// </summary>
    public IReadOnlyList<string>? IdTokenClaims { get; init; }

    /// <summary>OpenID Connect Registration §2, seconds.</summary>
    public long? DefaultMaxAge { get; init; }

    /// <summary>Seconds. Null for the server's setting. The same applies to the following lifetimes.</summary>
    public long? IdTokenLifetime { get; init; }

    public long? AccessTokenLifetime { get; init; }

    /// <summary><c>jwt</c>, or <c>reference</c> for an opaque token that must be introspected.</summary>
    public string AccessTokenFormat { get; init; } = AccessTokenFormats.Jwt;

    public long? RefreshTokenLifetime { get; init; }

    public long? RefreshTokenIdleLifetime { get; init; }

    /// <summary>True: the refresh token does not change. This is for confidential clients that cannot store a new one safely.</summary>
    public bool RefreshTokenReuse { get; init; }

    /// <summary>The registration of a client that registered itself; null for all others.</summary>
    [JsonIgnore]
    public ClientRegistration? Registration { get; init; }

    /// <summary>What the store compares on a write; empty for a client that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    [JsonIgnore]
    public bool IsPublic => TokenEndpointAuthMethod == AuthMethods.None;

    /// <summary>Its requests and the responses to them must be signed.</summary>
    [JsonIgnore]
    public bool SignsMessages => Profile == ProfileNames.Fapi2MessageSigning;

    /// <summary>The algorithms that its assertions and request objects may use.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AllowedSigningAlgs => Profile is null ? SigningAlgorithms.All : SigningAlgorithms.OfFapi;

    [JsonIgnore]
    public IReadOnlyList<string> Scopes => scopes ??= Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [JsonIgnore]
    public bool IsPairwise => SubjectType == SubjectTypes.Pairwise;

    /// <summary>It is told when a session in which it took part ends.</summary>
    [JsonIgnore]
    public bool HearsOfLogout => BackchannelLogoutUri is not null || FrontchannelLogoutUri is not null;

    /// <summary>Users find it in the portal: an operator registered it, and it has an address at which a user can begin.</summary>
    [JsonIgnore]
    public bool IsInPortal => ShowInPortal != false && Registration is null && RedirectUris.Count > 0 && (InitiateLoginUri ?? ClientUri) is not null;

    public bool MayUse(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>The origins that <c>Access-Control-Allow-Origin</c> may name.</summary>
    public bool AllowsOrigin(string origin) => AllowedCorsOrigins.Count > 0
        ? AllowedCorsOrigins.Contains(origin)
        : IsPublic && RedirectUris.Any(uri => WebOrigin.Of(uri) is { } own && RedirectUriRules.Matches(own, origin));
}

/// <param name="Sha256">base64url of the SHA-256 of the secret. Secrets have at least 32 characters, so a slow hash is not needed.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Text">The secret itself, only for client_secret_jwt, because signatures cannot be verified with a hash.</param>
public sealed record ClientSecret(string Sha256, DateTimeOffset? ExpiresAt = null, string? Text = null)
{
    /// <summary>The text has no secret, so that no secret gets into a log.</summary>
    public override string ToString() => nameof(ClientSecret);
}

/// <summary>The lifetimes of a client's tokens: its own, or else the lifetimes in the settings.</summary>
internal static class ClientLifetimes
{
    /// <summary>FAPI 2.0 Security Profile 5.3.2.1-11.</summary>
    private static readonly TimeSpan LongestCodeOfFapi = TimeSpan.FromSeconds(60);

    /// <summary>FAPI 2.0 Security Profile 5.3.2.2-12: less than 600 seconds.</summary>
    private static readonly TimeSpan LongestRequestOfFapi = TimeSpan.FromSeconds(599);

    public static TimeSpan CodeLifetime(this Client client, LifetimeOptions lifetimes) => client.AtMost(LongestCodeOfFapi, lifetimes.AuthorizationCode);

    public static TimeSpan PushedRequestLifetime(this Client client, LifetimeOptions lifetimes) => client.AtMost(LongestRequestOfFapi, lifetimes.PushedRequest);

    public static TimeSpan RefreshLifetime(this Client client, LifetimeOptions lifetimes) => client.RefreshTokenLifetime.OrElse(lifetimes.RefreshToken);

    public static TimeSpan RefreshIdleLifetime(this Client client, LifetimeOptions lifetimes) => client.RefreshTokenIdleLifetime.OrElse(lifetimes.RefreshTokenIdle);

    public static TimeSpan OrElse(this long? seconds, TimeSpan otherwise) => seconds is { } own ? TimeSpan.FromSeconds(own) : otherwise;

    private static TimeSpan AtMost(this Client client, TimeSpan ofFapi, TimeSpan otherwise) => client.Profile is not null && ofFapi < otherwise ? ofFapi : otherwise;
}
