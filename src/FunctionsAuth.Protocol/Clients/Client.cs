using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>A registered client. Its fields have the names of RFC 7591 §2 where that has one.</summary>
public sealed record Client
{
    private string[]? scopes;

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

    public IReadOnlyList<string> GrantTypes { get; init; } = [GrantTypeNames.AuthorizationCode];

    /// <summary>What it may ask the authorization endpoint for. Everything but <c>code</c> is legacy: see <see cref="Configuration.LegacyOptions"/>.</summary>
    public IReadOnlyList<string> ResponseTypes { get; init; } = [ResponseTypeNames.Code];

    /// <summary>The scopes that it may ask for, separated by spaces.</summary>
    public string Scope
    {
        get;
        init => (field, scopes) = (value, null);
    } = "openid";

    /// <summary>The resources that it may ask for (RFC 8707), beside those that own its scopes.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The types of authorization details that it may ask for: RFC 9396 §10.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>The groups that the client itself is in, where it acts for itself.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>
    /// Scopes by the group that gives them. Nobody may use the client whom they give none; what they name is for members only. Null: none.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ScopeMaps { get; init; }

    /// <summary>Scopes that members get beside what the client asks for. They do not decide who may use the client.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? SupplementaryScopeMaps { get; init; }

    /// <summary>
    /// What the groups of managers give, by group: it comes from the settings and is not stored. As with the others, what it names is for members only.
    /// A client that acts for itself needs no group for it.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ManageScopeMaps { get; init; }

    /// <summary>Values by the group that gives them, by the claim of access tokens, ID tokens and userinfo.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? ClaimMaps { get; init; }

    /// <summary>
    /// The scopes that a person can't leave out on the consent page, beside <c>openid</c> and those that are required of every client. Null: all
    /// of them for a client that an operator wrote down, and none for one that introduced itself.
    /// </summary>
    public IReadOnlyList<string>? RequiredScopes { get; init; }

    /// <summary>The operator's own app: the user is not asked for consent.</summary>
    public bool FirstParty { get; init; }

    /// <summary>Origins whose browser code may read the answers. When none is given, a public client has those of its redirect URIs.</summary>
    public IReadOnlyList<string> AllowedCorsOrigins { get; init; } = [];

    /// <summary>
    /// False, for a confidential client only, lets it ask for a code without PKCE: for old libraries that rely on
    /// <c>nonce</c> instead (RFC 9700 §2.1.1).
    /// </summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>The security profile that it must meet: one of <see cref="ProfileNames"/>. Null: none, unless the server has one.</summary>
    public string? Profile { get; init; }

    /// <summary><c>issuer</c>: its assertions must name the issuer and nothing else as their audience, in one string. Null: endpoints may stand there, too.</summary>
    public string? AssertionAudience { get; init; }

    /// <summary>Only requests pushed to the server beforehand are taken from it (RFC 9126 §6).</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>Only requests inside a JWT that it signed are taken from it (RFC 9101 §10.5).</summary>
    public bool RequireSignedRequestObject { get; init; }

    /// <summary>The algorithm of its request objects; null: any that the server knows.</summary>
    public string? RequestObjectSigningAlg { get; init; }

    /// <summary>Where its request objects may be fetched; a fragment in them does not count.</summary>
    public IReadOnlyList<Uri> RequestUris { get; init; } = [];

    /// <summary><c>web</c> or <c>native</c> (OpenID Connect Registration §2).</summary>
    public string ApplicationType { get; init; } = ApplicationTypes.Web;

    /// <summary>Email addresses of who is responsible for it.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }

    /// <summary>What the app is for, for people who choose among their apps.</summary>
    public string? ClientDescription { get; init; }

    /// <summary>False keeps it out of the portal. Null: it is there if it has an address at which a person can begin.</summary>
    public bool? ShowInPortal { get; init; }

    /// <summary>Where others may begin a login at this client (OpenID Connect Core §4).</summary>
    public Uri? InitiateLoginUri { get; init; }

    /// <summary>Its access tokens are bound to a key (RFC 9449 §5.2): without a proof it gets none.</summary>
    public bool DpopBoundAccessTokens { get; init; }

    /// <summary>Its access tokens are bound to its certificate (RFC 8705 §3.4): without one it gets none.</summary>
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

    /// <summary>The colour of its login pages, such as #0b655a. Only an import gives a client one.</summary>
    public string? BrandAccent { get; init; }

    public Uri? ClientUri { get; init; }
    public Uri? LogoUri { get; init; }
    public Uri? PolicyUri { get; init; }
    public Uri? TosUri { get; init; }

    public string IdTokenSignedResponseAlg { get; init; } = SigningAlgorithms.RS256;

    /// <summary>
    /// The algorithm of its authorization responses when it asks for one in a JWT (JARM §3). Null: it gets none, as each costs a signature, and
    /// anybody can cause an error.
    /// </summary>
    public string? AuthorizationSignedResponseAlg { get; init; }

    /// <summary>The algorithm of its userinfo answers; null: plain JSON.</summary>
    public string? UserinfoSignedResponseAlg { get; init; }

    /// <summary>The algorithm of the introspection answers that it asks for as JWTs (RFC 9701 §6); null: plain JSON. Only an operator registers it.</summary>
    public string? IntrospectionSignedResponseAlg { get; init; }

    /// <summary><c>public</c>, or <c>pairwise</c>: a subject of its sector's own (OpenID Connect Core §8).</summary>
    public string SubjectType { get; init; } = SubjectTypes.Public;

    /// <summary>Its host is the sector of a client whose redirect URIs have several (OpenID Connect Core §8.1).</summary>
    public Uri? SectorIdentifierUri { get; init; }

    /// <summary>The <c>acr_values</c> of requests that have none.</summary>
    public IReadOnlyList<string> DefaultAcrValues { get; init; } = [];

    /// <summary>Whoever uses it must have signed in at least so: a name of the server's for a level. Null: a password will do.</summary>
    public string? RequiredAcr { get; init; }

    /// <summary>Where the server posts a logout token when a session ends in which the client took part (Back-Channel Logout §2.2).</summary>
    public Uri? BackchannelLogoutUri { get; init; }

    /// <summary>The logout token must have a <c>sid</c>; this server's always have.</summary>
    public bool BackchannelLogoutSessionRequired { get; init; }

    /// <summary>What the person's browser loads then (Front-Channel Logout §2).</summary>
    public Uri? FrontchannelLogoutUri { get; init; }

    /// <summary>That address gets <c>iss</c> and <c>sid</c>; this server always gives them.</summary>
    public bool FrontchannelLogoutSessionRequired { get; init; }

    /// <summary>
    /// Puts <c>at_hash</c> into the ID token of the code flow, where OpenID Connect Core §3.1.3.6 leaves it to the server.
    /// The two tokens can't be signed at the same time then, which costs one signature of latency.
    /// </summary>
    public bool IdTokenAtHash { get; init; }

    /// <summary>
    /// The claims of the user that its ID tokens have, as far as the granted scopes bring them. Null: the usual ones for a client that an
    /// operator registered, and none for one that registered itself.
    /// </summary>
    public IReadOnlyList<string>? IdTokenClaims { get; init; }

    /// <summary>OpenID Connect Registration §2, seconds.</summary>
    public long? DefaultMaxAge { get; init; }

    /// <summary>Seconds; null takes the server's setting, and so do the following.</summary>
    public long? IdTokenLifetime { get; init; }

    public long? AccessTokenLifetime { get; init; }

    /// <summary><c>jwt</c>, or <c>reference</c>: a token that says nothing and must be introspected.</summary>
    public string AccessTokenFormat { get; init; } = AccessTokenFormats.Jwt;

    public long? RefreshTokenLifetime { get; init; }

    public long? RefreshTokenIdleLifetime { get; init; }

    /// <summary>True: the refresh token stays the same. For clients that can't store a new one safely and are confidential.</summary>
    public bool RefreshTokenReuse { get; init; }

    /// <summary>What belongs to a client that registered itself, and to no other.</summary>
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

    /// <summary>What its assertions and request objects may be signed with.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AllowedSigningAlgs => Profile is null ? SigningAlgorithms.All : SigningAlgorithms.OfFapi;

    [JsonIgnore]
    public IReadOnlyList<string> Scopes => scopes ??= Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [JsonIgnore]
    public bool IsPairwise => SubjectType == SubjectTypes.Pairwise;

    /// <summary>It is told when a session ends in which it took part.</summary>
    [JsonIgnore]
    public bool HearsOfLogout => BackchannelLogoutUri is not null || FrontchannelLogoutUri is not null;

    /// <summary>People find it in the portal: an operator registered it, and it has an address at which they can begin.</summary>
    [JsonIgnore]
    public bool IsInPortal => ShowInPortal != false && Registration is null && RedirectUris.Count > 0 && (InitiateLoginUri ?? ClientUri) is not null;

    public bool MayUse(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>The origins that <c>Access-Control-Allow-Origin</c> may name.</summary>
    public bool AllowsOrigin(string origin) => AllowedCorsOrigins.Count > 0
        ? AllowedCorsOrigins.Contains(origin)
        : IsPublic && RedirectUris.Any(uri => WebOrigin.Of(uri) is { } own && RedirectUriRules.Matches(own, origin));
}

/// <param name="Sha256">base64url of the secret's SHA-256: secrets have at least 32 characters, so a slow hash would add nothing but load.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="Text">The secret itself, only for client_secret_jwt: no hash can verify what it signed.</param>
public sealed record ClientSecret(string Sha256, DateTimeOffset? ExpiresAt = null, string? Text = null)
{
    /// <summary>Without the secret, so that none gets into a log.</summary>
    public override string ToString() => nameof(ClientSecret);
}

/// <summary>The lifetimes of a client's tokens: its own, or else the server's.</summary>
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
