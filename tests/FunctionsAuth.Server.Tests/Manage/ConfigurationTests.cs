using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Scopes, APIs, and the configuration as code. Requirement ADM5.</summary>
public sealed class ConfigurationTests(ManageServer manage) : IClassFixture<ManageServer>
{
    [Fact]
    public async Task Scopes_and_APIs_are_made_changed_and_deleted()
    {
        var boss = await manage.AsBossAsync();
        var scope = (await boss.PutNewAsync("scopes/orders.read", new JsonObject { ["display_name"] = "See orders", ["display_name#de"] = "Bestellungen sehen" })).ShouldBe(201);
        Assert.Equal("Bestellungen sehen", scope.Text("display_name#de"));
        var key = ResourceKey.Of("https://orders.example");
        var api = (await boss.PutNewAsync($"resources/{key}", new { scopes = new[] { "orders.read", "nothing" } })).ShouldBlame("scopes[1]");
        api = (await boss.PutNewAsync($"resources/{key}", new { scopes = new[] { "orders.read" }, introspected_by = new[] { "nobody" } })).ShouldBlame("introspected_by[0]");
        api = (await boss.PutNewAsync($"resources/{key}", new { scopes = new[] { "orders.read" } })).ShouldBe(201);
        Assert.Equal(("https://orders.example", key), (api.Text("identifier"), api.Text("key")));
        api = (await boss.PatchAsync($"resources/{key}", new { display_name = "Orders" }, api.Tag)).ShouldBe(200);
        // What the answer was, a change may send back.
        api = (await boss.PutAsync($"resources/{key}", api.Json!, api.Tag)).ShouldBe(200);
        Assert.Contains("orders.read", (await boss.GetAsync("scopes")).ShouldBe(200).Items.Select(one => one["name"]!.ToString()));
        Assert.DoesNotContain((await boss.GetAsync("resources")).ShouldBe(200).Items, one => one["identifier"]!.ToString() == ManageServer.Resource);
        (await boss.DeleteAsync($"resources/{key}", "\"other\"")).ShouldFail(412, "precondition_failed");
        (await boss.DeleteAsync($"resources/{key}", api.Tag)).ShouldBe(204);
        (await boss.DeleteAsync("scopes/orders.read", scope.Tag)).ShouldBe(204);
        (await boss.GetAsync("scopes/orders.read")).ShouldFail(404, "not_found");
        (await boss.PutNewAsync("scopes/profile", new { })).ShouldBlame("name");
        var type = (await boss.PutNewAsync("authorization_details_types/ping", new { title = "To know that you are there" })).ShouldBe(201);
        (await boss.DeleteAsync("authorization_details_types/ping", type.Tag)).ShouldBe(204);
    }

    [Fact]
    public async Task What_is_exported_changes_nothing_when_it_is_applied_and_the_next_export_is_the_same()
    {
        await using var server = await StartAsync();
        var boss = await BossAsync(server);
        var exported = (await boss.GetAsync("configuration")).ShouldBe(200);
        var plan = (await boss.PostAsync("configuration/plan?prune=true", exported.Json)).ShouldBe(200);
        Assert.Empty(plan["changes"]!.AsArray());
        Assert.Equal(exported.Tag, plan.Text("etag"));
        var applied = (await boss.PutAsync("configuration?prune=true", exported.Json!, exported.Tag)).ShouldBe(200);
        Assert.Equal((0, 0, 0), ((int)applied["created"]!, (int)applied["changed"]!, (int)applied["deleted"]!));
        var again = (await boss.GetAsync("configuration")).ShouldBe(200);
        Assert.Equal(await exported.Response.Content.ReadAsStringAsync(), await again.Response.Content.ReadAsStringAsync());
        Assert.Equal(exported.Tag, again.Tag);
        // An empty server becomes the same by it.
        await using var empty = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false" }, Import = false });
        await LocalServer.ImportAsync(empty.Services, ManageServer.Json.Replace("api.read", "", StringComparison.Ordinal));
        var other = await BossAsync(empty);
        var before = (await other.GetAsync("configuration")).ShouldBe(200);
        (await other.PutAsync("configuration?prune=true", exported.Json!, before.Tag)).ShouldBe(200);
        Assert.Equal(await exported.Response.Content.ReadAsStringAsync(), await (await other.GetAsync("configuration")).Response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_plan_says_what_would_change_and_only_pruning_deletes()
    {
        await using var server = await StartAsync();
        var boss = await BossAsync(server);
        var exported = (await boss.GetAsync("configuration")).ShouldBe(200);
        var file = exported.Json!.DeepClone();
        file["scopes"]!.AsArray().Add(new JsonObject { ["name"] = "reports.read" });
        var clients = file["clients"]!.AsArray();
        clients.First(client => client!["client_id"]!.ToString() == "service")!["client_name"] = "Our service";
        clients.Remove(clients.First(client => client!["client_id"]!.ToString() == "native"));

        var plan = (await boss.PostAsync("configuration/plan?prune=true", file)).ShouldBe(200);
        Assert.Equal(["+ scopes reports.read", "~ clients service", "    client_name: (default) -> \"Our service\"", "- clients native"], plan.Text("text")!.Split('\n'));
        plan = (await boss.PostAsync("configuration/plan", file)).ShouldBe(200);
        Assert.DoesNotContain("- clients", plan.Text("text")!, StringComparison.Ordinal);

        (await boss.PutAsync("configuration", file, "\"other\"")).ShouldFail(412, "precondition_failed");
        (await boss.SendAsync("PUT", "configuration", file)).ShouldFail(428, "precondition_required");
        var applied = (await boss.PutAsync("configuration", file, plan.Text("etag")!)).ShouldBe(200);
        Assert.Equal((1, 1, 0), ((int)applied["created"]!, (int)applied["changed"]!, (int)applied["deleted"]!));
        (await boss.GetAsync("clients/native")).ShouldBe(200);
        (await boss.PutAsync("configuration?prune=true", file, applied.Text("etag")!)).ShouldBe(200);
        (await boss.GetAsync("clients/native")).ShouldFail(404, "not_found");

        (await boss.PostAsync("configuration/plan", new { users = new[] { new { username = "x" } } })).ShouldBlame("users");
        var faults = (await boss.PostAsync("configuration/plan", """{ "scopes": [{ "nam": "x" }] }""")).ShouldBlame("scopes[0].nam", "scopes[0].name");
        Assert.Contains("(line 1)", faults["errors"]![0]!["detail"]!.ToString(), StringComparison.Ordinal);
        // The group of the last administrator can't go by a file either.
        file["groups"] = new JsonArray();
        var current = (await boss.GetAsync("configuration")).ShouldBe(200);
        (await boss.PutAsync("configuration?prune=true", file, current.Tag)).ShouldFail(409, "in_use");
    }

    /// <summary>The journey from an empty server to a protected API with a person in a group, by files alone.</summary>
    [Fact]
    public async Task Two_files_make_of_an_empty_server_one_that_guards_an_API_for_a_group()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false" }, Import = false });
        await LocalServer.ImportAsync(server.Services, ManageServer.Json.Replace("api.read", "", StringComparison.Ordinal));
        var boss = await BossAsync(server);
        var configuration = (await boss.GetAsync("configuration")).ShouldBe(200);
        (await boss.PutAsync("configuration", """
            { "scopes": [{ "name": "books.read", "display_name": "See the books" }], "groups": [{ "name": "readers" }],
              "resources": [{ "identifier": "https://books.example", "scopes": ["books.read"], "claim_maps": { "roles": { "readers": ["reader"] } } }],
              "clients": [{ "client_id": "web", "client_secret": "web-secret-0123456789-0123456789-abc", "redirect_uris": ["https://web.example/callback"],
                "grant_types": ["authorization_code"], "scope": "openid books.read", "scope_maps": { "readers": ["books.read"] }, "first_party": true }] }
            """, configuration.Tag)).ShouldBe(200);
        var people = $$"""
            { "username": "rita", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["readers"] }
            { "username": "otto", "password_hash": "{{RunningServer.HashOfPassword}}" }
            """;
        Assert.Equal(2, (int)(await boss.SendAsync("POST", "users/import", people, ("Content-Type", "application/x-ndjson"))).ShouldBe(200)["created"]!);
        var web = new ClientApp(server);
        var claims = JsonAnswer.Claims((await web.LoginAsync("openid books.read", new Browser(server), "rita", "https://books.example")).ShouldBeOk().AccessToken);
        Assert.Contains("books.read", claims.GetProperty("scope").GetString(), StringComparison.Ordinal);
        Assert.Equal("""["reader"]""", claims.GetProperty("roles").GetRawText());
        var refused = await new Browser(server).AuthorizeAsync(new AuthorizationParameters("web", "https://web.example/callback", "openid books.read"), "otto");
        Assert.Contains("You have no access", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_shown_without_secrets()
    {
        var boss = await manage.AsBossAsync();
        var settings = (await boss.GetAsync("settings")).ShouldBe(200).Items.ToDictionary(setting => setting["name"]!.ToString());
        Assert.Equal("false", settings["Manage:RequireSecondFactor"]["value"]!.ToString().ToLowerInvariant());
        Assert.Equal("00:01:00", settings["CacheFor"]["value"]!.ToString());
        Assert.Null(settings["Mail:Password"]["value"]);
        Assert.Null(settings["ClientCertificates:ProofSecret"]["value"]);
    }

    [Fact]
    public async Task Keys_are_shown_rotated_and_disabled()
    {
        await using var server = await StartAsync();
        var boss = await BossAsync(server);
        var keys = (await boss.GetAsync("keys")).ShouldBe(200).Items;
        Assert.Equal([("ec", "signing"), ("rsa", "signing")], keys.Select(key => (key["type"]!.ToString(), key["state"]!.ToString())).Order());
        var only = keys.First(key => key["type"]!.ToString() == "ec")["kid"]!.ToString();
        (await boss.PostAsync($"keys/{only}/disable")).ShouldFail(409, "last_key");
        (await boss.PostAsync("keys/rotate", new { type = "dsa" })).ShouldBlame("type");
        var rotated = (await boss.PostAsync("keys/rotate", new { type = "ec" })).ShouldBe(200).Items;
        var announced = rotated.Single(key => key["state"]!.ToString() == "announced");
        Assert.Equal(("ec", "signing"), (announced["type"]!.ToString(), announced["next_state"]!.ToString()));
        (await boss.PostAsync($"keys/{announced["kid"]}/disable")).ShouldBe(200);
        Assert.Equal(2, (await boss.GetAsync("keys")).ShouldBe(200).Items.Count);
        (await boss.PostAsync("keys/unknown/disable")).ShouldFail(404, "not_found");
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false" } });
        await LocalServer.ImportAsync(server.Services, ManageServer.Json);
        return server;
    }

    private static async Task<ManageCaller> BossAsync(RunningServer server) =>
        new(server, (await new ClientApp(server, "console").LoginAsync("openid " + ManageServer.AllScopes, new Browser(server), ManageServer.Boss, ManageServer.Resource)).ShouldBeOk().AccessToken);
}
