using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-session-management-certification-test-plan", DynamicClient = true, Server = ServerKind.Legacy)]
public sealed class SessionManagementPlan : LogoutModules
{
    private const string Endpoint = "check_session_iframe";

    [Module("oidcc-session-management-discovery-endpoint-verification")]
    public void Discovery() => DiscoveryCheck.HttpsEndpoints(Provider.Metadata, Endpoint, "end_session_endpoint");

    [Module("oidcc-session-management-rp-initiated-logout")]
    public async Task Logout()
    {
        if (SessionFrame.Node is null)
            throw new CantRunException("Node.js, which runs the script of check_session_iframe, is not on the PATH.");
        var client = await RegisterAsync(new JsonObject { ["post_logout_redirect_uris"] = new JsonArray(Inbox.PostLogoutRedirectUri) });
        var login = await LoginAsync(client);
        var message = $"{client.Client.Id} {login.Response["session_state"]}";
        Assert.Equal("unchanged", await SessionFrame.AskAsync(Browser, Provider.Text(Endpoint), message));
        await LogoutAndReturnAsync(client, login, RandomText.Printable());
        Assert.Equal("changed", await SessionFrame.AskAsync(Browser, Provider.Text(Endpoint), message));
    }
}
