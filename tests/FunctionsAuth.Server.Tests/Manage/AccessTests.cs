using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Dpop;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Who may call the management API: each operation against each way of not being allowed to. Requirements ADM1 and PRM1 to PRM4.</summary>
public sealed partial class AccessTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private const string Metadata = $"{RunningServer.Issuer}/.well-known/oauth-protected-resource/manage";

    private RunningServer Server => manage.Server;

    private IReadOnlyList<Operation> Operations => [.. Server.Get<ManageApi>().Operations];

    [Fact]
    public async Task Without_a_token_every_operation_says_where_to_learn_what_it_needs()
    {
        foreach (var operation in Operations)
        {
            var answer = (await CallAsync(null, operation)).ShouldFail(401, "invalid_request");
            Assert.Equal($"Bearer realm=\"manage\", resource_metadata=\"{Metadata}\"", answer.Response.Headers.WwwAuthenticate.ToString());
        }
        using var document = await Server.Http.GetAsync(Metadata);
        var metadata = (await ManageAnswer.ReadAsync(document)).Json!;
        Assert.Equal(ManageServer.Resource, metadata["resource"]!.ToString());
        Assert.Equal(ManageScopes.Names, metadata["scopes_supported"]!.AsArray().Select(name => name!.ToString()));
        Assert.Equal(["header"], metadata["bearer_methods_supported"]!.AsArray().Select(name => name!.ToString()));
    }

    [Fact]
    public async Task A_token_for_another_API_or_none_of_ours_is_refused_everywhere()
    {
        var other = (await new ClientApp(Server, "console").LoginAsync("openid api.read", new Browser(Server), ManageServer.Boss, "https://api.example")).ShouldBeOk().AccessToken;
        foreach (var token in (string[])[other, other + "x", "nonsense"])
        {
            foreach (var operation in Operations)
                (await CallAsync(token, operation)).ShouldFail(401, "invalid_token");
        }
    }

    [Fact]
    public async Task Every_operation_wants_its_own_scope()
    {
        foreach (var group in Operations.GroupBy(operation => operation.Scope))
        {
            var others = string.Join(' ', ManageScopes.Names.Where(name => name != group.Key));
            var robot = (await manage.RobotTokenAsync(others)).ShouldBeOk().AccessToken;
            foreach (var operation in group)
            {
                var answer = (await CallAsync(robot, operation)).ShouldFail(403, "insufficient_scope");
                Assert.Contains($"scope=\"{group.Key}\"", answer.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Who_is_in_no_group_of_managers_gets_no_scope_whatever_the_client_asks_for()
    {
        var tokens = (await new ClientApp(Server, "console").LoginAsync("openid " + ManageServer.AllScopes, new Browser(Server), "alice")).ShouldBeOk();
        Assert.Equal("openid", tokens["scope"]);
        foreach (var operation in Operations)
            (await CallAsync(tokens.AccessToken, operation)).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task Auditors_change_nothing_and_the_helpdesk_does_not_touch_managers()
    {
        var auditor = await manage.AsAsync(ManageServer.Auditor);
        foreach (var operation in Operations.Where(operation => operation.Method != "GET" && !operation.Scope.EndsWith(":read", StringComparison.Ordinal)))
            (await CallAsync(auditor.Token, operation)).ShouldFail(403, "insufficient_scope");
        (await auditor.GetAsync("users/boss-subject")).ShouldBe(200);

        var helper = await manage.AsAsync(ManageServer.Helper);
        foreach (var action in (string[])["disable", "enable", "unlock", "sign_out", "reset_factors", "reset_password", "invite"])
            (await helper.PostAsync($"users/boss-subject/{action}")).ShouldFail(403, "forbidden");
        var boss = (await helper.GetAsync("users/boss-subject")).ShouldBe(200);
        (await helper.PatchAsync("users/boss-subject", new { username = "mine" }, boss.Tag)).ShouldFail(403, "forbidden");
        (await helper.DeleteAsync("users/boss-subject", boss.Tag)).ShouldFail(403, "forbidden");
        var alice = (await helper.GetAsync("users/alice-subject")).ShouldBe(200);
        (await helper.PatchAsync("users/alice-subject", new { groups = new[] { "administrators" } }, alice.Tag)).ShouldFail(403, "forbidden");
        (await helper.PostAsync("users", new { username = "newboss", groups = new[] { "administrators" } })).ShouldFail(403, "forbidden");
        (await helper.PostAsync("users/alice-subject/unlock")).ShouldBe(200);
    }

    [Fact]
    public async Task No_scope_but_that_of_administrators_leads_to_more_scopes()
    {
        var robot = await manage.AsRobotAsync(string.Join(' ', ManageScopes.Names.Where(name => name != ManageScopes.Administrators)));
        (await robot.PutNewAsync("clients/rogue", new { grant_types = new[] { "client_credentials" }, scope = ManageScopes.UsersWrite })).ShouldFail(403, "forbidden");
        (await robot.PostAsync("clients/robot/secrets")).ShouldFail(403, "forbidden");
        var console = (await robot.GetAsync("clients/console")).ShouldBe(200);
        (await robot.PatchAsync("clients/console", new { redirect_uris = new[] { "https://evil.example/" } }, console.Tag)).ShouldFail(403, "forbidden");
        (await robot.DeleteAsync("clients/console", console.Tag)).ShouldFail(403, "forbidden");
        (await robot.PostAsync("groups/administrators/members", new { username = "alice" })).ShouldFail(403, "forbidden");
        (await robot.PostAsync("groups/administrators/members/boss-subject/remove")).ShouldFail(403, "forbidden");
        var configuration = (await robot.GetAsync("configuration")).ShouldBe(200);
        var file = configuration.Json!.DeepClone();
        file["clients"]!.AsArray().First(client => client!["client_id"]!.ToString() == "web")!["scope"] = "openid " + ManageScopes.KeysWrite;
        (await robot.PutAsync("configuration", file, configuration.Tag)).ShouldFail(403, "forbidden");
        (await robot.SendAsync("POST", "users/import", """{ "username": "sneaky", "groups": ["administrators"] }""", ("Content-Type", "application/x-ndjson"))).ShouldBe(200);
        Assert.Null(await Server.Get<IUserStore>().FindSubjectAsync("sneaky", default));
    }

    [Fact]
    public async Task What_the_groups_give_ends_with_the_membership_and_a_disabled_administrator_is_nobody()
    {
        await using var server = await StartAsync();
        var token = await TokenAsync(server, ManageServer.Boss);
        var boss = new ManageCaller(server, token);
        (await boss.GetAsync("settings")).ShouldBe(200);
        await server.PutIntoGroupsAsync("helper-subject", "administrators");
        await server.PutIntoGroupsAsync("boss-subject", "helpdesk");
        (await boss.GetAsync("settings")).ShouldFail(403, "insufficient_scope");
        (await boss.GetAsync("users/alice-subject")).ShouldBe(200);
        await server.SetDisabledAsync("boss-subject", true);
        (await boss.GetAsync("users/alice-subject")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task Tokens_expire_and_a_disabled_client_has_none()
    {
        await using var server = await StartAsync(("CacheFor", "00:00:00"));
        var boss = new ManageCaller(server, await TokenAsync(server, ManageServer.Boss));
        server.Clock.Advance(TimeSpan.FromHours(2));
        (await boss.GetAsync("users/alice-subject")).ShouldFail(401, "invalid_token");
        boss = new ManageCaller(server, await TokenAsync(server, ManageServer.Boss));
        await server.RegisterAsync((await server.Get<IClientStore>().FindAsync("console", default))! with { Disabled = true });
        (await boss.GetAsync("users/alice-subject")).ShouldFail(401, "invalid_token");
    }

    [Fact]
    public async Task A_bound_token_needs_its_proof_at_the_address_of_the_call()
    {
        var maker = new ProofMaker(Server);
        var answer = await maker.PostAsync("token", $"robot:{RawRequests.SecretOf("robot")}", [("grant_type", "client_credentials")], maker.Make("POST", "token"));
        var token = answer.ShouldBeOk().AccessToken;
        foreach (var operation in Operations)
            (await CallAsync(token, operation)).ShouldFail(401, "invalid_token");
        var caller = new ManageCaller(Server, null);
        (string, string) bound = ("Authorization", $"DPoP {token}");
        (await caller.SendAsync("GET", "users/alice-subject", null, bound)).ShouldFail(401, "invalid_dpop_proof");
        (await caller.SendAsync("GET", "users/alice-subject", null, bound, ("DPoP", maker.Make("GET", "manage/api/v1/users", token)))).ShouldFail(401, "invalid_dpop_proof");
        var proof = maker.Make("GET", "manage/api/v1/users/alice-subject", token);
        (await caller.SendAsync("GET", "users/alice-subject", null, bound, ("DPoP", proof))).ShouldBe(200);
        (await caller.SendAsync("GET", "users/alice-subject", null, bound, ("DPoP", proof))).ShouldFail(401, "invalid_dpop_proof");
    }

    [Fact]
    public async Task People_who_manage_need_a_second_factor_where_the_settings_say_so()
    {
        await using var server = await StartAsync(("Manage:RequireSecondFactor", "true"));
        // The login itself asks for it; a token from before the setting is refused, too.
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters("console", "https://console.example/callback", "openid " + ManageScopes.UsersRead), ManageServer.Boss);
        Assert.Null(answer.Location);
        Assert.Contains("second_factor", answer.Body, StringComparison.Ordinal);
        var robot = (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk().AccessToken;
        (await new ManageCaller(server, robot).GetAsync("users/alice-subject")).ShouldBe(200);
    }

    [Fact]
    public async Task Nobody_defines_the_scopes_of_the_API_or_gets_them_by_registering_a_client()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PutNewAsync($"scopes/{ManageScopes.UsersRead}", new { display_name = "Mine" })).ShouldBlame("name");
        (await boss.PutNewAsync($"resources/{ResourceKey.Of("https://mine.example")}", new { scopes = new[] { ManageScopes.UsersRead } })).ShouldBlame("scopes[0]");
    }

    [Fact]
    public async Task What_is_not_there_and_what_may_not_be_done_is_said_to_who_may_know()
    {
        var boss = await manage.AsBossAsync();
        (await boss.GetAsync("nothing")).ShouldFail(404, "not_found");
        (await boss.GetAsync("")).ShouldFail(404, "not_found");
        var answer = (await boss.SendAsync("DELETE", "users")).ShouldFail(405, "method_not_allowed");
        Assert.Equal("GET, POST", string.Join(", ", answer.Response.Content.Headers.Allow.Order()));
        (await new ManageCaller(Server, null).GetAsync("nothing")).ShouldFail(401, "invalid_request");
    }

    private Task<ManageAnswer> CallAsync(string? token, Operation operation)
    {
        var path = Parameter().Replace(operation.Path, "alice-subject");
        var needsBody = operation.Body is not null && !operation.IsBodyOptional;
        return new ManageCaller(Server, token).SendAsync(operation.Method, path, needsBody ? "{}" : null, ("If-Match", "\"none\""), ("Content-Type", operation.BodyType));
    }

    private static async Task<RunningServer> StartAsync(params (string Name, string? Value)[] settings)
    {
        var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false" } }.With(settings));
        await FunctionsAuth.LocalHost.Hosting.LocalServer.ImportAsync(server.Services, ManageServer.Json);
        return server;
    }

    private static async Task<string> TokenAsync(RunningServer server, string username) =>
        (await new ClientApp(server, "console").LoginAsync("openid " + ManageServer.AllScopes, new Browser(server), username)).ShouldBeOk().AccessToken;

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Parameter();
}
