using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol;

/// <summary>Names of parameters on the wire, as the RFCs spell them.</summary>
public static class Parameter
{
    public const string AccessToken = "access_token";
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
    public const string GrantType = "grant_type";
    public const string IdTokenHint = "id_token_hint";
    public const string Iss = "iss";
    public const string LoginHint = "login_hint";
    public const string MaxAge = "max_age";
    public const string Nonce = "nonce";
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
    public const string State = "state";
    public const string Token = "token";
    public const string TokenTypeHint = "token_type_hint";
}

/// <summary>Grant types (RFC 6749 §4 and §6) as the <c>grant_type</c> parameter spells them.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";
}

/// <summary>Response modes: OAuth 2.0 Multiple Response Types §2.1 and Form Post Response Mode.</summary>
public static class ResponseModes
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    public static IReadOnlyList<string> All { get; } = [Query, Fragment, FormPost];
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

    public static IReadOnlyList<string> All { get; } = [None, Login, Consent, SelectAccount];
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

    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";
}
