using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol;

/// <summary>Names of parameters on the wire, as the RFCs spell them.</summary>
public static class Parameter
{
    public const string AccessToken = "access_token";
    public const string AcrValues = "acr_values";
    public const string Claims = "claims";
    public const string ClientId = "client_id";
    public const string ClientAssertion = "client_assertion";
    public const string ClientAssertionType = "client_assertion_type";
    public const string ClientSecret = "client_secret";
    public const string Code = "code";
    public const string CodeChallenge = "code_challenge";
    public const string CodeChallengeMethod = "code_challenge_method";
    public const string CodeVerifier = "code_verifier";
    public const string Error = "error";
    public const string ErrorDescription = "error_description";
    public const string ExpiresIn = "expires_in";
    public const string GrantType = "grant_type";
    public const string IdToken = "id_token";
    public const string IdTokenHint = "id_token_hint";
    public const string Iss = "iss";
    public const string LoginHint = "login_hint";
    public const string LogoutHint = "logout_hint";
    public const string LogoutToken = "logout_token";
    public const string MaxAge = "max_age";
    public const string Nonce = "nonce";
    public const string Password = "password";
    public const string PostLogoutRedirectUri = "post_logout_redirect_uri";
    public const string Prompt = "prompt";
    public const string RedirectUri = "redirect_uri";
    public const string RefreshToken = "refresh_token";
    public const string Registration = "registration";
    public const string Request = "request";
    public const string RequestUri = "request_uri";
    public const string Resource = "resource";
    public const string ResponseMode = "response_mode";
    public const string ResponseType = "response_type";
    public const string Scope = "scope";
    public const string SessionState = "session_state";
    public const string Sid = "sid";
    public const string State = "state";
    public const string Token = "token";
    public const string TokenType = "token_type";
    public const string TokenTypeHint = "token_type_hint";
    public const string Username = "username";
}

/// <summary>Grant types (RFC 6749 §4 and §6) as the <c>grant_type</c> parameter spells them.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";

    /// <summary>Tokens straight from the authorization endpoint (RFC 6749 §4.2): legacy.</summary>
    public const string Implicit = "implicit";

    /// <summary>Resource owner password credentials (RFC 6749 §4.3): legacy.</summary>
    public const string Password = "password";

    public static IReadOnlyList<string> All { get; } = [AuthorizationCode, RefreshToken, ClientCredentials, Implicit, Password];
}

/// <summary>
/// Response types: RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types. Their words may come in any order;
/// <see cref="Normalize"/> knows one.
/// </summary>
public static class ResponseTypes
{
    public const string Code = "code";

    public static IReadOnlyList<string> All { get; } =
        [Code, "id_token", "id_token token", "code id_token", "code token", "code id_token token", "token"];

    /// <summary>The one spelling of a response type, or null when there is none of these words.</summary>
    public static string? Normalize(string responseType)
    {
        var words = responseType.Split(' ').Order(StringComparer.Ordinal);
        var normal = string.Join(' ', words);
        return All.Contains(normal) ? normal : null;
    }

    /// <summary>Everything but code brings tokens through the browser.</summary>
    public static bool IsLegacy(string responseType) => responseType != Code;

    public static bool Has(string responseType, string word) => responseType.Split(' ').Contains(word);
}

/// <summary>Subject types: OpenID Connect Core §8.</summary>
public static class SubjectTypes
{
    public const string Public = "public";
    public const string Pairwise = "pairwise";

    public static IReadOnlyList<string> All { get; } = [Public, Pairwise];
}

/// <summary>OpenID Connect Registration §2, <c>application_type</c>.</summary>
public static class ApplicationTypes
{
    public const string Web = "web";
    public const string Native = "native";

    public static IReadOnlyList<string> All { get; } = [Web, Native];
}

/// <summary>What an access token looks like to who gets it.</summary>
public static class AccessTokenFormats
{
    /// <summary>RFC 9068: an API verifies it by itself.</summary>
    public const string Jwt = "jwt";

    /// <summary>A handle: an API asks the introspection endpoint, and learns at once that it was revoked.</summary>
    public const string Reference = "reference";

    public static IReadOnlyList<string> All { get; } = [Jwt, Reference];
}

/// <summary>Response modes: OAuth 2.0 Multiple Response Types §2.1 and Form Post Response Mode.</summary>
public static class ResponseModes
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    public static IReadOnlyList<string> All { get; } = [Query, Fragment, FormPost];

    /// <summary>OAuth 2.0 Multiple Response Types §5: tokens never stand in a query.</summary>
    public static string DefaultFor(string? responseType) => responseType is not null && ResponseTypes.IsLegacy(responseType) ? Fragment : Query;

    public static bool Allows(string? responseType, string mode) => All.Contains(mode) && (mode != Query || DefaultFor(responseType) == Query);
}

/// <summary>Client authentication methods (RFC 7591 §2, <c>token_endpoint_auth_method</c>).</summary>
public static class AuthMethods
{
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";
    public const string ClientSecretJwt = "client_secret_jwt";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string None = "none";

    public static IReadOnlyList<string> All { get; } = [ClientSecretBasic, ClientSecretPost, ClientSecretJwt, PrivateKeyJwt, None];

    /// <summary>The methods by which a client proves who it is.</summary>
    public static IReadOnlyList<string> Confidential { get; } = [ClientSecretBasic, ClientSecretPost, ClientSecretJwt, PrivateKeyJwt];

    /// <summary>Those with a JWT that the client signs: RFC 7523, OpenID Connect Core §9.</summary>
    public static bool IsAssertion(string method) => method is ClientSecretJwt or PrivateKeyJwt;
}

/// <summary>Values of <c>prompt</c> (OpenID Connect Core §3.1.2.1).</summary>
public static class Prompts
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";

    /// <summary>Initiating User Registration via OpenID Connect 1.0 §4.</summary>
    public const string Create = "create";

    private static readonly string[] Always = [None, Login, Consent, SelectAccount];

    /// <summary>Those that this server knows.</summary>
    public static IReadOnlyList<string> For(ServerOptions options) => options.SelfRegistration ? [.. Always, Create] : Always;
}

/// <summary>JOSE signature algorithms (RFC 7518 §3.1) that the server signs with.</summary>
public static class SigningAlgorithms
{
    public const string RS256 = "RS256";
    public const string PS256 = "PS256";
    public const string ES256 = "ES256";

    public static IReadOnlyList<string> All { get; } = [RS256, PS256, ES256];

    /// <summary>For a client's own JWTs with its secret.</summary>
    public const string HS256 = "HS256";

    /// <summary>The key that signs with it: one RSA key serves RS256 and PS256.</summary>
    public static SigningKeyType KeyTypeOf(string algorithm) => algorithm == ES256 ? SigningKeyType.Ec : SigningKeyType.Rsa;
}

/// <summary>Values of a JWT's <c>typ</c> header.</summary>
public static class JwtTypes
{
    public const string IdToken = "JWT";

    /// <summary>A signed userinfo answer: what tells it from an ID token is that it has no <c>exp</c>.</summary>
    public const string UserInfo = "JWT";

    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>OpenID Connect Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";
}
