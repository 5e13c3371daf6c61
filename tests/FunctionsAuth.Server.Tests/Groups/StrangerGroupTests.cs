using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Groups;

/// <summary>Only an operator says what groups give: a client that describes itself has no groups and no maps, whatever it asks for.</summary>
public sealed class StrangerGroupTests
{
    private static (string, JsonNode?)[] Wishes() =>
    [
        ("groups", new JsonArray("admins")),
        ("scope_maps", new JsonObject { ["admins"] = new JsonArray("profile") }),
        ("supplementary_scope_maps", new JsonObject { ["admins"] = new JsonArray("profile") }),
        ("claim_maps", new JsonObject { ["roles"] = new JsonObject { ["admins"] = new JsonArray("admin") } }),
    ];

    [Fact]
    public async Task A_client_that_registers_or_changes_itself_has_none()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = Registrar.OpenMode });
        var registrar = new Registrar(server);
        var client = await registrar.RegisterOkAsync(Wishes());
        await ShouldHaveNoneAsync(server, client);
        client = (await registrar.PutAsync(client, Registrar.Metadata(Wishes()))).ShouldBeOk();
        await ShouldHaveNoneAsync(server, client);
    }

    [Fact]
    public void Nor_has_one_that_is_known_by_its_metadata_document()
    {
        var document = new JsonObject(Wishes().Select(wish => KeyValuePair.Create(wish.Item1, wish.Item2)));
        ShouldHaveNone(ClientMetadata.Parse(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString())).ToClient("https://app.example/client.json"));
    }

    private static async Task ShouldHaveNoneAsync(RunningServer server, JsonAnswer client)
    {
        Assert.All(Wishes(), wish => Assert.Null(client[wish.Item1]));
        ShouldHaveNone((await server.Get<IClientStore>().FindAsync(client["client_id"]!, default))!);
    }

    private static void ShouldHaveNone(Client client) =>
        Assert.True(client is { Groups.Count: 0, ScopeMaps: null, SupplementaryScopeMaps: null, ClaimMaps: null });
}
