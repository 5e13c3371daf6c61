using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>The modules that the client credentials profile has, too. Where a flow is needed, each plan has its own.</summary>
public abstract class FapiClientCredentialsModules : FapiModule
{
    private static readonly string[] Algorithms = ["PS256", "ES256", "EdDSA", "Ed25519"];
    private static readonly string[] BadClient = ["invalid_client", "invalid_request"];

    [Module("fapi2-security-profile-final-discovery-end-point-verification")]
    public void Discovery()
    {
        var metadata = Provider.Metadata;
        Assert.Contains(Variant.ClientCredentials ? "client_credentials" : "authorization_code", Provider.List("grant_types_supported"));
        Assert.NotEmpty(Provider.List("token_endpoint_auth_signing_alg_values_supported").Intersect(Algorithms));
        if (Variant.CertificateBound)
            Assert.True(Provider.IsOn("tls_client_certificate_bound_access_tokens"));
        else
            Assert.NotEmpty(Provider.List("dpop_signing_alg_values_supported").Intersect(Algorithms));
        Assert.NotEmpty(Provider.List("id_token_signing_alg_values_supported").Intersect(Algorithms));
        Assert.Contains("openid", Provider.List("scopes_supported"));
        Assert.NotEmpty(Provider.List("subject_types_supported"));
        if (metadata["mtls_endpoint_aliases"] is JsonObject aliases)
            Assert.All(aliases, alias => Assert.True(alias.Key.EndsWith("_endpoint", StringComparison.Ordinal) && alias.Key != "authorization_endpoint" && metadata.ContainsKey(alias.Key)));
        if (Variant.Rar)
            Assert.Contains("account_information", Provider.List("authorization_details_types_supported"));
        if (Variant.ClientCredentials)
            return;
        Assert.Contains("code", Provider.List("response_types_supported"));
        Assert.True(Provider.IsOn("authorization_response_iss_parameter_supported"));
        Assert.True(Provider.IsOn("require_pushed_authorization_requests"));
        Assert.Contains("S256", Provider.List("code_challenge_methods_supported"));
        foreach (var endpoint in (string[])["authorization_endpoint", "token_endpoint", "pushed_authorization_request_endpoint"])
            Checks.DiscoveryCheck.HttpsUrl(metadata, endpoint);
        if (!Variant.SignsMessages)
            return;
        Assert.NotEmpty(Provider.List("request_object_signing_alg_values_supported").Intersect(Algorithms));
        Assert.Contains("jwt", Provider.List("response_modes_supported"));
        Assert.NotEmpty(Provider.List("authorization_signing_alg_values_supported").Intersect(Algorithms));
    }

    [Module("fapi2-security-profile-final-check-dpop-proof-nbf-exp", Part = FapiPart.Dpop)]
    public async Task Proof_with_nbf_and_exp()
    {
        await WithProofAsync(Lived);

        static void Lived(JsonObject header, JsonObject claims)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            (claims["nbf"], claims["exp"]) = (now, now + 300);
        }
    }

    [Module("fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds", Part = FapiPart.Dpop)]
    public Task Proof_of_10_seconds_before() => WithProofAsync((_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() - 10);

    [Module("fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds", Part = FapiPart.Dpop)]
    public Task Proof_of_10_seconds_after() => WithProofAsync((_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() + 8);

    [Module("fapi2-security-profile-final-ensure-holder-of-key-required")]
    public async Task Holder_of_key_required()
    {
        var answer = await TokenAsync(First, new FapiFault { WithoutProof = true });
        Assert.DoesNotContain("use_dpop_nonce", answer.Body, StringComparison.Ordinal);
        ShouldFail(answer, Variant.CertificateBound ? ["invalid_request", "invalid_client", "invalid_grant"] : ["invalid_request", "invalid_grant", "invalid_dpop_proof"]);
    }

    [Module("fapi2-security-profile-final-ensure-client-id-in-token-endpoint")]
    public async Task Client_id_in_token_endpoint()
    {
        if (Variant.CertificateAuth)
        {
            ShouldFail(await TokenAsync(First, new FapiFault { Form = form => form["client_id"] = Second.Client.Id }), "invalid_client", "invalid_grant");
            return;
        }
        var fault = new FapiFault { Assertion = claims => (claims["iss"], claims["sub"]) = (Second.Client.Id, Second.Client.Id), Form = form => form["client_id"] = Second.Client.Id };
        ShouldFail(await TokenAsync(First, fault), "invalid_client", "invalid_grant");
    }

    [Module("fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails", Part = FapiPart.PrivateKeyJwt)]
    public async Task Assertion_with_RS256() => ShouldFail(await TokenAsync(First, new FapiFault { AssertionHeader = new JsonObject { ["kid"] = First.Client.Key.Kid, ["alg"] = "RS256" } }), "invalid_client");

    [Module("fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint", Part = FapiPart.PrivateKeyJwt)]
    public async Task Assertion_required()
    {
        var fault = new FapiFault
        {
            Form = form =>
            {
                form.Remove("client_assertion");
                form.Remove("client_assertion_type");
                form["client_id"] = First.Client.Id;
            },
        };
        ShouldFail(await TokenAsync(First, fault), BadClient);
    }

    [Module("fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Assertion_that_has_expired() => RefuseAssertionAsync(claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds());

    [Module("fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Assertion_for_another_server() => RefuseAssertionAsync(claims => claims["aud"] = "https://other.example/");

    [Module("fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Assertion_without_sub() => RefuseAssertionAsync(claims => claims.Remove("sub"));

    /// <summary>A token request of the plan's flow, and what is wrong with it.</summary>
    protected abstract Task<Answer> TokenAsync(FapiParty client, FapiFault fault);

    /// <summary>The whole flow, with these proofs.</summary>
    protected abstract Task WithProofAsync(Action<JsonObject, JsonObject> proof);

    private async Task RefuseAssertionAsync(Action<JsonObject> change) => ShouldFail(await TokenAsync(First, new FapiFault { Assertion = change }), BadClient);
}
