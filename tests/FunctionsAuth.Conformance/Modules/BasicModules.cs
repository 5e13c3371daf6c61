using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>All modules of the code flow, in the Basic plan and with form_post.</summary>
public abstract class BasicModules : CodeModules
{
    [Module("oidcc-response-type-missing")]
    public Task Response_type_missing() => ResponseTypeMissingAsync();

    [Module("oidcc-idtoken-unsigned")]
    public void Id_token_unsigned() => ShouldNotListUnsignedIdTokens();

    [Module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")]
    public Task Without_nonce() => WithoutNonceSucceedsAsync();

    [Module("oidcc-alternate-happy-flow")]
    public Task Alternate_happy_flow() => AlternateHappyFlowAsync();

    [Module("oidcc-ensure-post-request-succeeds")]
    public async Task Request_by_post()
    {
        var client = await ClientAsync();
        var request = client.Request();
        await client.FinishAsync(request, await Browser.PostAsync(Provider.AuthorizationEndpoint, request.Sent));
    }

    [Module("oidcc-ensure-request-with-valid-pkce-succeeds")]
    public Task Valid_pkce() => ValidPkceAsync();
}
