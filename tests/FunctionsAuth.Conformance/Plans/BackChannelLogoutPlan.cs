using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-backchannel-rp-initiated-logout-certification-test-plan", DynamicClient = true)]
public sealed class BackChannelLogoutPlan : LogoutModules
{
    [Module("oidcc-backchannel-logout-discovery-endpoint-verification")]
    public void Discovery()
    {
        Assert.True(Provider.IsOn("backchannel_logout_supported"));
        Assert.True(Provider.IsOn("backchannel_logout_session_supported"));
        DiscoveryCheck.HttpsEndpoints(Provider.Metadata, "end_session_endpoint");
    }

    /// <summary>The suite also sees whether the server connects by TLS 1.3; here the client's side is on localhost, without TLS.</summary>
    [Module("oidcc-backchannel-rp-initiated-logout")]
    public async Task Logout()
    {
        var client = await RegisterAsync(new JsonObject
        {
            ["post_logout_redirect_uris"] = new JsonArray(Inbox.PostLogoutRedirectUri),
            ["backchannel_logout_uri"] = Inbox.FetchAddressOf("backchannel_logout"),
            ["backchannel_logout_session_required"] = true,
        });
        var login = await LoginAsync(client);
        await LogoutAndReturnAsync(client, login, RandomText.Printable());
        await LogoutTokenCheck.VerifyAsync(Provider, client.Client, await Inbox.WaitForAsync("backchannel_logout"), login);
    }
}
