namespace FunctionsAuth.Conformance.Fapi;

/// <summary>What a FAPI 2.0 plan has beside its name: the variants that a tester would choose.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FapiPlanAttribute : Attribute
{
    /// <summary><c>fapi_request_method</c> is <c>signed_non_repudiation</c>, and <c>fapi_response_mode</c> is <c>jarm</c>.</summary>
    public bool SignsMessages { get; init; }

    /// <summary><c>fapi_profile</c> is <c>fapi_client_credentials_grant</c>.</summary>
    public bool ClientCredentials { get; init; }

    public string Variant => string.Join(
        ", ", ((string?[])["private_key_jwt", "dpop", ClientCredentials ? "fapi_client_credentials_grant" : "openid_connect", SignsMessages ? "signed_non_repudiation, jarm" : null]).OfType<string>());
}
