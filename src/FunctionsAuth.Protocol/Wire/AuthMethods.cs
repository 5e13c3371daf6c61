namespace FunctionsAuth.Protocol.Wire;

/// <summary>Client authentication methods (RFC 7591 §2, <c>token_endpoint_auth_method</c>).</summary>
public static class AuthMethods
{
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";
    public const string ClientSecretJwt = "client_secret_jwt";
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string TlsClientAuth = "tls_client_auth";
    public const string SelfSignedTlsClientAuth = "self_signed_tls_client_auth";

    /// <summary>The methods that FAPI 2.0 Security Profile 5.3.2.1-6 allows.</summary>
    public static IReadOnlyList<string> OfFapi { get; } = [PrivateKeyJwt, TlsClientAuth, SelfSignedTlsClientAuth];
    public const string None = "none";
}
