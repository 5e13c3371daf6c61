using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Fapi;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("fapi2-security-profile-final-test-plan", Server = ServerKind.Fapi, AuthMethod = "private_key_jwt")]
[FapiPlan]
public sealed class FapiSecurityPlan : FapiCodeModules;

[Plan("fapi2-security-profile-final-test-plan", Server = ServerKind.FapiMtls, AuthMethod = "private_key_jwt")]
[FapiPlan(CertificateBound = true, Rar = true)]
public sealed class FapiCertificateBoundPlan : FapiCodeModules;

[Plan("fapi2-security-profile-final-test-plan", Server = ServerKind.FapiMtls, AuthMethod = "tls_client_auth")]
[FapiPlan(CertificateAuth = true, CertificateBound = true)]
public sealed class FapiCertificatePlan : FapiCodeModules;

[Plan("fapi2-message-signing-final-test-plan", Server = ServerKind.Fapi, AuthMethod = "private_key_jwt")]
[FapiPlan(SignsMessages = true)]
public sealed class FapiMessagePlan : FapiMessageModules;

[Plan("fapi2-security-profile-final-test-plan", Server = ServerKind.Fapi, AuthMethod = "private_key_jwt")]
[FapiPlan(ClientCredentials = true)]
public sealed class FapiClientCredentialsPlan : FapiClientCredentialsModules
{
    [Module("fapi2-security-profile-final-happy-flow")]
    public async Task Happy_flow()
    {
        await First.ClientCredentialsAsync();
        Assert.DoesNotContain("refresh_token", (await Second.ClientCredentialsAsync()).Select(member => member.Key));
    }

    protected override Task<Answer> TokenAsync(FapiParty client, FapiFault fault) => client.TryClientCredentialsAsync(fault);

    protected override Task WithProofAsync(Action<JsonObject, JsonObject> proof) => First.ClientCredentialsAsync(new FapiFault { Proof = proof });
}

/// <summary>The modules that wait for something to end, and nonces in each proof.</summary>
[Plan("fapi2-security-profile-final-test-plan", Server = ServerKind.FapiShortLived, AuthMethod = "private_key_jwt")]
[FapiPlan]
public sealed class FapiExpiryPlan : FapiModule
{
    /// <summary>The suite waits 62 seconds, as a code may be good for 60. Here it is good for one.</summary>
    [Module("fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code")]
    public async Task Expired_code()
    {
        var request = First.Request();
        var code = await First.CodeAsync(request);
        await Task.Delay(TimeSpan.FromSeconds(1));
        ShouldFail(await First.RedeemAsync(request, code), "invalid_grant");
    }

    [Module("fapi2-security-profile-final-par-attempt-to-use-expired-request_uri")]
    public async Task Expired_request_uri()
    {
        var request = First.Request();
        var answer = await First.PushAsync(request, new FapiFault { Proof = (_, _) => { } });
        await Task.Delay(TimeSpan.FromSeconds(answer.Json["expires_in"]!.GetValue<long>()));
        await ShouldBePageOrErrorAsync(First, request, await First.VisitAsync(request, FapiParty.RequestUriOf(answer)), "invalid_request_uri");
    }
}
