using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Clients, their secrets, and initial access tokens by the management API.</summary>
public sealed class ClientTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private RunningServer Server => manage.Server;

    [Fact]
    public async Task A_client_is_made_with_a_secret_that_is_shown_once_and_works_at_once()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PutNewAsync("clients/shop", new { client_name = "Shop", grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBe(201);
        var secret = made.Text("client_secret")!;
        Assert.Equal("api.read", (await TokenAsync("shop", secret)).ShouldBeOk()["scope"]);
        var shown = (await boss.GetAsync("clients/shop")).ShouldBe(200);
        Assert.Equal("""{"client_id":"shop","client_name":"Shop","grant_types":["client_credentials"],"scope":"api.read"}""", shown.Json!.ToJsonString());

        // A change keeps the secret, and another instance's change is not overwritten.
        var changed = (await boss.PutAsync("clients/shop", new { client_name = "The shop", grant_types = new[] { "client_credentials" }, scope = "api.read api.write" }, shown.Tag)).ShouldBe(200);
        Assert.Null(changed["client_secret"]);
        (await boss.PatchAsync("clients/shop", new { client_name = "Late" }, shown.Tag)).ShouldFail(412, "precondition_failed");
        Assert.Equal("api.read api.write", (await TokenAsync("shop", secret)).ShouldBeOk()["scope"]);
        changed = (await boss.PatchAsync("clients/shop", new JsonObject { ["client_name"] = null, ["disabled"] = true }, changed.Tag)).ShouldBe(200);
        Assert.Null(changed["client_name"]);
        (await TokenAsync("shop", secret)).ShouldFail("invalid_client", 401);
        (await boss.DeleteAsync("clients/shop", changed.Tag)).ShouldBe(204);
        (await boss.GetAsync("clients/shop")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task The_rules_are_those_of_an_import_and_all_problems_are_named()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PutNewAsync("clients/bad", new { redirect_uris = new[] { "http://example.com/" }, scope = "openid nothing", colour = "red" })).ShouldBlame("redirect_uris[0]", "scope", "colour");
        (await boss.PutNewAsync("clients/bad", new { client_id = "good", grant_types = new[] { "client_credentials" } })).ShouldBlame("client_id");
        (await boss.PutNewAsync("clients/functionsauth-account", new { grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBlame("client_id");
        (await boss.PutNewAsync("clients/bad", new { grant_types = new[] { "client_credentials" }, scope = "api.read", scope_maps = new { nobody = new[] { "api.read" } } })).ShouldBlame("scope_maps.nobody");
        (await boss.PutNewAsync("clients/bad", "[]")).ShouldFail(400, "invalid_request");
        (await boss.GetAsync("clients/bad")).ShouldFail(404, "not_found");
        (await boss.GetAsync("clients/no%20id")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_secret_is_replaced_without_a_moment_at_which_none_is_good()
    {
        var boss = await manage.AsBossAsync();
        var first = (await boss.PutNewAsync("clients/rolling", new { grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBe(201).Text("client_secret")!;
        var second = (await boss.PostAsync("clients/rolling/secrets", new { expires_at = Server.Clock.GetUtcNow().AddDays(1) })).ShouldBe(201);
        foreach (var secret in (string[])[first, second.Text("client_secret")!])
            (await TokenAsync("rolling", secret)).ShouldBeOk();
        var listed = (await boss.GetAsync("clients/rolling/secrets")).ShouldBe(200);
        Assert.Equal(2, listed.Items.Count);
        Assert.DoesNotContain(first, listed.Json!.ToJsonString(), StringComparison.Ordinal);
        var id = listed.Items[0]["id"]!.ToString();
        (await boss.PostAsync($"clients/rolling/secrets/{id}/expire")).ShouldBe(200);
        (await TokenAsync("rolling", first)).ShouldFail("invalid_client", 401);
        (await TokenAsync("rolling", second.Text("client_secret")!)).ShouldBeOk();
        (await boss.PostAsync($"clients/rolling/secrets/{second.Text("id")}/expire")).ShouldFail(409, "last_secret");
        (await boss.PostAsync("clients/rolling/secrets/unknown/expire")).ShouldFail(404, "not_found");
        (await boss.PostAsync("clients/rolling/secrets", new { expires_at = Server.Clock.GetUtcNow().AddDays(-1) })).ShouldBlame("expires_at");
        (await boss.PostAsync("clients/spa/secrets")).ShouldFail(409, "no_secrets");
        for (var i = 0; i < 4; i++)
            (await boss.PostAsync("clients/rolling/secrets")).ShouldBe(201);
        (await boss.PostAsync("clients/rolling/secrets")).ShouldFail(409, "too_many_secrets");
    }

    [Fact]
    public async Task A_client_that_needs_its_secret_as_text_keeps_it_through_changes_and_exports()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PutNewAsync("clients/signing", new { token_endpoint_auth_method = "client_secret_jwt", grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBe(201);
        (await boss.PatchAsync("clients/signing", new { client_name = "Signs" }, made.Tag)).ShouldBe(200);
        var configuration = (await boss.GetAsync("configuration")).ShouldBe(200);
        Assert.DoesNotContain(made.Text("client_secret")!, configuration.Json!.ToJsonString(), StringComparison.Ordinal);
        (await boss.PutAsync("configuration", configuration.Json!, configuration.Tag)).ShouldBe(200);
        var stored = (await Server.Get<IClientStore>().FindAsync("signing", default))!;
        Assert.Equal(made.Text("client_secret"), Assert.Single(stored.ClientSecrets).Text);
    }

    [Fact]
    public async Task Clients_are_listed_in_parts_and_found_by_the_beginning_of_their_id()
    {
        var boss = await manage.AsBossAsync();
        for (var i = 1; i <= 3; i++)
            (await boss.PutNewAsync($"clients/listed-{i}", new { grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBe(201);
        List<string> ids = [];
        for (string? after = ""; after is not null;)
        {
            var page = (await boss.GetAsync($"clients?prefix=listed-&limit=2{(after == "" ? "" : $"&after={after}")}")).ShouldBe(200);
            ids.AddRange(page.Items.Select(client => client["client_id"]!.ToString()));
            after = page.Text("next");
        }
        Assert.Equal(["listed-1", "listed-2", "listed-3"], ids);
        Assert.Empty((await boss.GetAsync("clients?prefix=list%20ed")).ShouldBe(200).Items);
    }

    [Fact]
    public async Task How_many_people_use_a_client_is_known()
    {
        var boss = await manage.AsBossAsync();
        _ = (await manage.TokensAsync()).AccessToken;
        Assert.Equal(1, (int)(await boss.GetAsync("clients/web/usage")).ShouldBe(200)["people"]!);
        var consent = (await boss.GetAsync("clients/web/consents")).ShouldBe(200).Items.Single();
        Assert.Equal(("alice-subject", "web"), (consent["subject"]!.ToString(), consent["client_id"]!.ToString()));
    }

    [Fact]
    public async Task Initial_access_tokens_are_made_listed_and_revoked()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PostAsync("initial_access_tokens", new { label = "For the build", uses = 3 })).ShouldBe(201);
        Assert.Equal(68, made.Text("initial_access_token")!.Length);
        var listed = (await boss.GetAsync("initial_access_tokens")).ShouldBe(200).Items.Single(token => token["id"]!.ToString() == made.Text("id"));
        Assert.Equal(("For the build", 3, 0), (listed["label"]!.ToString(), (int)listed["uses"]!, (int)listed["used"]!));
        (await boss.PostAsync($"initial_access_tokens/{made.Text("id")}/revoke")).ShouldBe(204);
        Assert.DoesNotContain((await boss.GetAsync("initial_access_tokens")).ShouldBe(200).Items, token => token["id"]!.ToString() == made.Text("id"));
        (await boss.PostAsync("initial_access_tokens/nothing/revoke")).ShouldFail(404, "not_found");
        (await boss.PostAsync("initial_access_tokens", new { uses = 0, expires_at = "2001-01-01T00:00:00Z" })).ShouldBlame("uses", "expires_at");
    }

    private Task<JsonAnswer> TokenAsync(string clientId, string secret) =>
        Server.PostAsync("token", "grant_type=client_credentials", RawRequests.Basic(clientId, secret));
}
