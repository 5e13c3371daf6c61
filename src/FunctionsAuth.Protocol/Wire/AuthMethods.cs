namespace FunctionsAuth.Protocol.Wire;

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
