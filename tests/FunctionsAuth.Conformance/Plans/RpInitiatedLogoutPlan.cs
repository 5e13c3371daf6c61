using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-rp-initiated-logout-certification-test-plan")]
public sealed class RpInitiatedLogoutPlan : LogoutModules
{
    [Module("oidcc-rp-initiated-logout-discovery-endpoint-verification")]
    public void Discovery() => DiscoveryCheck.HttpsEndpoints(Provider.Metadata, "end_session_endpoint");

    [Module("oidcc-rp-initiated-logout")]
    public async Task Logout()
    {
        var client = await ClientAsync();
        await LogoutAndReturnAsync(client, await LoginAsync(client), RandomText.Printable());
    }

    [Module("oidcc-rp-initiated-logout-no-state")]
    public async Task No_state()
    {
        var client = await ClientAsync();
        await LogoutAndReturnAsync(client, await LoginAsync(client), null);
    }

    [Module("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri")]
    public async Task Bad_post_logout_redirect_uri()
    {
        var login = await LoginAsync(await ClientAsync());
        ShouldStay(await LogoutAsync(("id_token_hint", login.IdToken.Raw), ("post_logout_redirect_uri", Inbox.AddressOf(RandomText.Of(10))), State()));
    }

    [Module("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri")]
    public async Task Query_added_to_post_logout_redirect_uri()
    {
        var login = await LoginAsync(await ClientAsync());
        ShouldStay(await LogoutAsync(("id_token_hint", login.IdToken.Raw), ("post_logout_redirect_uri", $"{Inbox.PostLogoutRedirectUri}?foo=bar"), State()));
    }

    [Module("oidcc-rp-initiated-logout-modified-id-token-hint")]
    public async Task Modified_id_token_hint()
    {
        var login = await LoginAsync(await ClientAsync());
        var hint = SuiteKey.Unsigned(login.IdToken.Claims);
        ShouldStay(await LogoutAsync(("id_token_hint", hint), ("post_logout_redirect_uri", Inbox.PostLogoutRedirectUri), State()));
    }

    [Module("oidcc-rp-initiated-logout-bad-id-token-hint")]
    public async Task Bad_id_token_hint()
    {
        var client = await ClientAsync();
        var login = await LoginAsync(client);
        var claims = login.IdToken.Claims.DeepClone().AsObject();
        claims["iss"] = client.Client.Id;
        claims["aud"] = Provider.Issuer;
        ShouldStay(await LogoutAsync(("id_token_hint", client.Client.Key.Sign(claims)), ("post_logout_redirect_uri", Inbox.PostLogoutRedirectUri), State()));
    }

    [Module("oidcc-rp-initiated-logout-no-id-token-hint")]
    public async Task No_id_token_hint()
    {
        await LoginAsync(await ClientAsync());
        ShouldStay(await LogoutAsync(("post_logout_redirect_uri", Inbox.PostLogoutRedirectUri), State()));
    }

    [Module("oidcc-rp-initiated-logout-no-params")]
    public async Task No_parameters()
    {
        var client = await ClientAsync();
        await LoginAsync(client);
        await ShouldBeSignedOutAsync(client, await LogoutAsync());
    }

    [Module("oidcc-rp-initiated-logout-no-post-logout-redirect-uri")]
    public async Task No_post_logout_redirect_uri()
    {
        var client = await ClientAsync();
        var login = await LoginAsync(client);
        await ShouldBeSignedOutAsync(client, await LogoutAsync(("id_token_hint", login.IdToken.Raw), State()));
    }

    [Module("oidcc-rp-initiated-logout-only-state")]
    public async Task Only_state()
    {
        var client = await ClientAsync();
        await LoginAsync(client);
        await ShouldBeSignedOutAsync(client, await LogoutAsync(State()));
    }

    private static (string, string?) State() => ("state", RandomText.Printable());
}
