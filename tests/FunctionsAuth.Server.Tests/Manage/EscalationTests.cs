using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.MailLinks;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Ways by which somebody could get more than the own scopes give.</summary>
public sealed class EscalationTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private ManageCaller boss = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false", ["CacheFor"] = "00:00:00" } });
        await FunctionsAuth.LocalHost.Hosting.LocalServer.ImportAsync(server.Services, ManageServer.Json);
        boss = await AsAsync(ManageServer.Boss);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_reader_of_the_configuration_learns_no_secret_by_its_hash()
    {
        var secret = (await boss.PutNewAsync("clients/signing", new { token_endpoint_auth_method = "client_secret_jwt", grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldBe(201).Text("client_secret")!;
        var auditor = await AsAsync(ManageServer.Auditor);
        var hash = (await auditor.GetAsync("configuration")).ShouldBe(200).Json!["clients"]!.AsArray().Single(client => client!["client_id"]!.ToString() == "signing")!["client_secrets"]![0]!["sha256"]!.ToString();
        var jwk = new ClientKey().Jwk();
        jwk["sha256"] = hash;
        foreach (var client in new JsonObject[]
        {
            new() { ["client_id"] = "mine", ["token_endpoint_auth_method"] = "private_key_jwt", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "api.read", ["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk), ["sha256"] = hash } },
            new() { ["client_id"] = "mine", ["client_name"] = $"\"sha256\": \"{hash}\"", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "api.read", ["client_secrets"] = new JsonArray(new JsonObject { ["sha256"] = hash }) },
            new() { ["client_id"] = "signing", ["token_endpoint_auth_method"] = "client_secret_jwt", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "api.read", ["client_name"] = "Other", ["client_secrets"] = new JsonArray(new JsonObject { ["sha256"] = hash }) },
        })
        {
            var plan = (await auditor.PostAsync("configuration/plan", new JsonObject { ["clients"] = new JsonArray(client) })).ShouldBe(200);
            Assert.DoesNotContain(secret, plan.Json!.ToJsonString(), StringComparison.Ordinal);
        }
        // The hash of another client's secret brings no text of it.
        (await boss.PutNewAsync("clients/thief", new JsonObject { ["token_endpoint_auth_method"] = "client_secret_jwt", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "api.read", ["client_secrets"] = new JsonArray(new JsonObject { ["sha256"] = hash }) })).ShouldBlame("client_secrets");
    }

    [Fact]
    public async Task What_is_taken_from_a_client_is_gone_from_its_tokens_at_once()
    {
        var robot = await RobotAsync();
        (await robot.GetAsync("keys")).ShouldBe(200);
        var client = (await boss.GetAsync("clients/robot")).ShouldBe(200);
        client = (await boss.PatchAsync("clients/robot", new { scope = "api.read " + ManageScopes.UsersRead }, client.Tag)).ShouldBe(200);
        (await robot.GetAsync("keys")).ShouldFail(403, "insufficient_scope");
        (await robot.GetAsync("users/alice-subject")).ShouldBe(200);
        client = (await boss.PatchAsync("clients/robot", new { scope = "api.read" }, client.Tag)).ShouldBe(200);
        (await robot.GetAsync("users/alice-subject")).ShouldFail(403, "insufficient_scope");
        // The same for people: without a manage scope, the client has no maps of the groups either.
        var console = (await boss.GetAsync("clients/console")).ShouldBe(200);
        (await boss.PatchAsync("clients/console", new { scope = "openid" }, console.Tag)).ShouldBe(200);
        (await boss.GetAsync("keys")).ShouldFail(403, "insufficient_scope");
    }

    [Fact]
    public async Task Who_may_change_people_gives_nobody_a_group_without_the_scope_for_groups()
    {
        var helper = await AsAsync(ManageServer.Helper);
        var alice = (await helper.GetAsync("users/alice-subject")).ShouldBe(200);
        (await helper.PatchAsync("users/alice-subject", new { groups = new[] { "staff" } }, alice.Tag)).ShouldFail(403, "forbidden");
        (await helper.PostAsync("users", new { username = "friend", groups = new[] { "staff" } })).ShouldFail(403, "forbidden");
        (await helper.PatchAsync("users/alice-subject", new JsonObject { ["claims"] = new JsonObject { ["nickname"] = "Al" } }, alice.Tag)).ShouldBe(200);
    }

    [Fact]
    public async Task A_token_that_another_API_sees_too_is_none_for_management()
    {
        var mixed = $"api.read {ManageScopes.UsersRead}";
        var token = (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials"), ("scope", mixed)])).ShouldBeOk();
        Assert.Equal("api.read", token["scope"]);
        Assert.Equal("https://api.example", JsonAnswer.Claims(token.AccessToken).GetProperty("aud").ToString());
        var body = $"grant_type=client_credentials&scope={Uri.EscapeDataString(mixed)}&resource={Uri.EscapeDataString("https://api.example")}&resource={Uri.EscapeDataString(ManageServer.Resource)}";
        (await server.PostAsync("token", body, RawRequests.Basic("robot", RawRequests.SecretOf("robot")))).ShouldFail("invalid_target");
        var own = (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials"), ("scope", mixed), ("resource", ManageServer.Resource)])).ShouldBeOk();
        Assert.Equal(ManageScopes.UsersRead, own["scope"]);
        (await new ManageCaller(server, own.AccessToken).GetAsync("users/alice-subject")).ShouldBe(200);
        var tokens = (await new ClientApp(server, "console").LoginAsync("openid " + mixed, new Browser(server), ManageServer.Boss)).ShouldBeOk();
        Assert.DoesNotContain("manage:", tokens["scope"], StringComparison.Ordinal);
        (await new ManageCaller(server, tokens.AccessToken).GetAsync("users/alice-subject")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task An_invitation_of_before_opens_no_account_of_a_manager()
    {
        (await boss.PutNewAsync("users/new-subject", new { username = "newcomer", claims = new { email = "new@example.com" } })).ShouldBe(201);
        var link = (await (await AsAsync(ManageServer.Helper)).PostAsync("users/new-subject/invite")).ShouldBe(200).Text("link")!;
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await boss.PostAsync("groups/administrators/members", new { subject = "new-subject" })).ShouldBe(200);
        await new Browser(server).ResetAsync(link);
        Assert.Null((await server.Get<IUserStore>().FindAsync("new-subject", default))!.PasswordHash);
        (await (await AsAsync(ManageServer.Helper)).PostAsync("users/new-subject/invite")).ShouldFail(403, "forbidden");
    }

    [Fact]
    public async Task The_link_of_an_invitation_works_where_the_server_sends_no_mail()
    {
        (await boss.PutNewAsync("users/fay-subject", new { username = "fay", claims = new { email = "fay@example.com" } })).ShouldBe(201);
        var link = (await boss.PostAsync("users/fay-subject/invite")).ShouldBe(200).Text("link")!;
        await new Browser(server).ResetAsync(link);
        Assert.NotNull((await server.Get<IUserStore>().FindAsync("fay-subject", default))!.PasswordHash);
    }

    [Fact]
    public async Task People_and_clients_have_no_name_in_common_in_tokens()
    {
        (await boss.PutNewAsync("users/robot", new { username = "fake" })).ShouldFail(409, "subject_taken");
        (await boss.PutNewAsync("clients/alice-subject", new { grant_types = new[] { "client_credentials" }, scope = "api.read" })).ShouldFail(409, "client_id_taken");
        (await boss.PostAsync("users", new { username = "fake", subject = "import" })).ShouldBlame("subject");
    }

    [Fact]
    public async Task A_client_that_registered_itself_does_not_become_one_that_an_operator_vouches_for()
    {
        var now = server.Clock.GetUtcNow();
        await server.RegisterAsync(new Client { ClientId = "stranger", TokenEndpointAuthMethod = "none", RedirectUris = ["https://stranger.example/"], Registration = new ClientRegistration { RegisteredAt = now, LastUsedAt = now, TokenHash = new byte[32] } });
        var configuration = (await boss.GetAsync("configuration")).ShouldBe(200);
        Assert.DoesNotContain("stranger", configuration.Json!.ToJsonString(), StringComparison.Ordinal);
        (await boss.PutAsync("configuration", """{ "clients": [{ "client_id": "stranger", "token_endpoint_auth_method": "none", "redirect_uris": ["https://stranger.example/"] }] }""", configuration.Tag)).ShouldFail(409, "self_registered");
    }

    [Fact]
    public async Task What_others_name_is_not_pruned()
    {
        var configuration = (await boss.GetAsync("configuration")).ShouldBe(200);
        (await boss.PutAsync("configuration?prune=true", """{ "scopes": [] }""", configuration.Tag)).ShouldFail(409, "in_use");
        (await boss.PostAsync("configuration/plan?prune=true", """{ "scopes": [], "clients": [{ "client_id": "a", "token_endpoint_auth_method": "none", "redirect_uris": ["https://a.example/"], "scope": "openid api.read" }] }""")).ShouldBlame("clients[0].scope");
    }

    [Fact]
    public async Task The_same_change_sent_twice_at_once_loses_no_name()
    {
        for (var round = 0; round < 5; round++)
        {
            var alice = (await boss.GetAsync("users/alice-subject")).ShouldBe(200);
            var wanted = $"alice{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => boss.PatchAsync("users/alice-subject", new { username = wanted }, alice.Tag)));
            Assert.Equal(1, answers.Count(answer => answer.Status == 200));
            Assert.Equal("alice-subject", await server.Get<IUserStore>().FindSubjectAsync(wanted, default));
        }
    }

    [Fact]
    public async Task What_stands_for_names_that_nobody_has_is_nobody()
    {
        var page = await new Browser(server).AuthorizeAsync(new AuthorizationParameters(), "nobody-has-this-name");
        Assert.Null(page.Location);
        foreach (var row in await server.RowsAsync("Decoys"))
            (await boss.GetAsync($"users/decoy-{row.PartitionKey}{row.RowKey}")).ShouldFail(404, "not_found");
    }

    private async Task<ManageCaller> AsAsync(string username) =>
        new(server, (await new ClientApp(server, "console").LoginAsync("openid " + ManageServer.AllScopes, new Browser(server), username, ManageServer.Resource)).ShouldBeOk().AccessToken);

    private async Task<ManageCaller> RobotAsync() =>
        new(server, (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials"), ("resource", ManageServer.Resource)])).ShouldBeOk().AccessToken);
}
