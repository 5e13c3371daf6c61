using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-3rdparty-init-login-certification-test-plan", DynamicClient = true)]
public sealed class ThirdPartyInitiatedLoginPlan : Module
{
    private const string Member = "initiate_login_uri";

    [Module("oidcc-3rd_party-init-login")]
    public async Task Initiate_login_uri()
    {
        var address = Inbox.AddressOf("initiate");
        var client = (await RegisterAsync(new JsonObject { [Member] = address })).Client;
        Assert.Equal(address, client.Registration![Member]!.GetValue<string>());
        var answer = await Registrar.ReadAsync(client);
        Assert.Equal((200, "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal(address, answer.Json[Member]!.GetValue<string>());
    }

    [Module("oidcc-3rd_party-init-login-nohttps")]
    public async Task Initiate_login_uri_without_https() => RegistrationCheck.Error(
        await Registrar.TryAsync(new JsonObject { [Member] = Inbox.AddressOf("initiate").Replace("https:", "http:", StringComparison.Ordinal) }), "invalid_client_metadata");
}
