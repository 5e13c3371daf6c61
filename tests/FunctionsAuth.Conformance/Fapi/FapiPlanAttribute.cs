namespace FunctionsAuth.Conformance.Fapi;

/// <summary>What a FAPI 2.0 plan has beside its name: the variants that a tester would choose.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FapiPlanAttribute : Attribute
{
    /// <summary><c>fapi_request_method</c> is <c>signed_non_repudiation</c>, and <c>fapi_response_mode</c> is <c>jarm</c>.</summary>
    public bool SignsMessages { get; init; }

    /// <summary><c>fapi_profile</c> is <c>fapi_client_credentials_grant</c>.</summary>
    public bool ClientCredentials { get; init; }

    /// <summary><c>client_auth_type</c> is <c>mtls</c>: the first client has a certificate of an authority, the second one its own.</summary>
    public bool CertificateAuth { get; init; }

    /// <summary><c>sender_constrain</c> is <c>mtls</c>: tokens are bound to the certificate of the connection.</summary>
    public bool CertificateBound { get; init; }

    /// <summary><c>authorization_request_type</c> is <c>rar</c>: each request has authorization details.</summary>
    public bool Rar { get; init; }

    public string TokenType => CertificateBound ? "Bearer" : "DPoP";

    public string Variant => string.Join(
        ", ", ((string?[])[CertificateAuth ? "mtls" : "private_key_jwt", CertificateBound ? "mtls" : "dpop", ClientCredentials ? "fapi_client_credentials_grant" : "openid_connect", SignsMessages ? "signed_non_repudiation, jarm" : null, Rar ? "rar" : null]).OfType<string>());
}
