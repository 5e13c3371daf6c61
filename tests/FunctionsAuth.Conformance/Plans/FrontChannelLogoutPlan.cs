using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-frontchannel-rp-initiated-logout-certification-test-plan", DynamicClient = true)]
public sealed class FrontChannelLogoutPlan : LogoutModules
{
    [Module("oidcc-frontchannel-logout-discovery-endpoint-verification")]
    public void Discovery()
    {
        Assert.True(Provider.IsOn("frontchannel_logout_supported"));
        Assert.True(Provider.IsOn("frontchannel_logout_session_supported"));
        DiscoveryCheck.HttpsEndpoints(Provider.Metadata, "end_session_endpoint");
    }

    [Module("oidcc-frontchannel-rp-initiated-logout")]
    public async Task Logout()
    {
        var client = await RegisterAsync(new JsonObject
        {
            ["post_logout_redirect_uris"] = new JsonArray(Inbox.PostLogoutRedirectUri),
            ["frontchannel_logout_uri"] = Inbox.AddressOf("frontchannel_logout"),
            ["frontchannel_logout_session_required"] = true,
        });
        var login = await LoginAsync(client);
        await LogoutAndReturnAsync(client, login, RandomText.Printable());
        // Front-Channel Logout §3: issuer and session, and nothing else.
        var frame = Inbox.Take("frontchannel_logout");
        Assert.NotNull(login.IdToken["sid"]);
        Assert.Equal([new("iss", Provider.Issuer), new("sid", login.IdToken["sid"]!)], frame.QueryParameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal));
    }
}
