using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Keys;

namespace FunctionsAuth.Server.Tests.Groups;

/// <summary>What <c>scope_maps</c> and <c>supplementary_scope_maps</c> give and refuse.</summary>
public sealed class GroupScopeTests : IAsyncLifetime
{
    private const string Subject = "alice-subject";
    private const string Scope = "openid email offline_access api.read api.write";

    private RunningServer server = null!;
    private ClientApp web = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["CacheFor"] = "00:00:00", ["Legacy:PasswordGrant"] = "true" } });
        web = new ClientApp(server);
        alice = new Browser(server);
        await ChangeAsync("web", client => client with
        {
            ScopeMaps = Maps(("readers", ["api.read"]), ("writers", ["api.read", "api.write"])),
            SupplementaryScopeMaps = Maps(("others", ["other.read"])),
            Contacts = ["it@web.example"],
        });
        await server.PutIntoGroupsAsync(Subject, "readers");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Mapped_scopes_that_the_groups_do_not_give_are_left_out_and_the_answer_says_so()
    {
        var tokens = (await web.LoginAsync(Scope, alice)).ShouldBeOk();
        ShouldHave(tokens, "openid email offline_access api.read");
        (await web.RefreshAsync(tokens.RefreshToken, ("scope", "api.write"))).ShouldFail("invalid_scope");
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid email offline_access")]
    [InlineData("openid api.write")]
    [InlineData("openid other.read")]
    public async Task Who_gets_no_mapped_scope_reads_whom_to_ask_and_the_client_hears_access_denied(string scope)
    {
        await server.PutIntoGroupsAsync(Subject, "readers", "others");
        var page = await alice.AuthorizeAsync(new AuthorizationParameters(scope: scope));
        ShouldDeny(page);
        // Now with a session, and without a form in between.
        page = await alice.GetAsync(new AuthorizationParameters(scope: scope).Url);
        ShouldDeny(page);
        var silent = await alice.GetAsync(new AuthorizationParameters(scope: scope).With("prompt", "none").Url);
        Assert.Equal(("access_denied", "state-of-the-test"), (silent.Parameters["error"], silent.Parameters["state"]));
        Assert.Equal(3, server.Events(7020).Count);
        Assert.All(server.Events(7020), line => Assert.Contains("alice-subject may not use client web", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_form_post_the_page_posts_the_error()
    {
        await server.PutIntoGroupsAsync(Subject);
        var page = await alice.AuthorizeAsync(new AuthorizationParameters(scope: "openid api.read").With("response_mode", "form_post"));
        Assert.Equal("https://web.example/callback", page.Document.QuerySelector("form")!.GetAttribute("action"));
        Assert.Equal("access_denied", page.Parameters["error"]);
        Assert.Equal(RunningServer.Issuer, page.Parameters["iss"]);
    }

    [Fact]
    public async Task A_refused_request_can_not_be_answered_by_the_consent_form()
    {
        await ChangeAsync("third-party", client => client with { ScopeMaps = Maps(("readers", ["api.read"])) });
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", "openid api.read");
        var page = await alice.FollowAsync(await alice.GetAsync(request.Url));
        page = await alice.FollowAsync(await alice.LoginAsync(page));
        Assert.True(page.HasForm("consent"));
        await server.PutIntoGroupsAsync(Subject);
        var answer = await alice.SubmitAsync(page, ("action", "allow"));
        Assert.Equal(403, (int)answer.Status);
    }

    [Fact]
    public async Task What_a_new_group_adds_while_the_person_reads_is_asked_for_again()
    {
        await ChangeAsync("third-party", client => client with { SupplementaryScopeMaps = Maps(("staff", ["api.read"])) });
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", "openid profile");
        var page = await alice.FollowAsync(await alice.GetAsync(request.Url));
        page = await alice.FollowAsync(await alice.LoginAsync(page));
        Assert.DoesNotContain("Read your data", page.Body, StringComparison.Ordinal);
        await server.PutIntoGroupsAsync(Subject, "staff");
        Assert.Equal(400, (int)(await alice.SubmitAsync(page, ("action", "allow"))).Status);
        page = await alice.FollowAsync(await alice.GetAsync(request.Url));
        Assert.Contains("Read your data", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Supplementary_scopes_are_added_and_a_resource_leaves_out_those_that_are_not_for_it()
    {
        await server.PutIntoGroupsAsync(Subject, "readers", "others");
        ShouldHave((await web.LoginAsync("openid api.read", alice)).ShouldBeOk(), "openid api.read other.read");
        ShouldHave((await web.LoginAsync("openid api.read", alice, resource: "https://api.example")).ShouldBeOk(), "openid api.read");
    }

    [Fact]
    public async Task A_removed_group_takes_its_scope_at_the_next_refresh_and_at_introspection()
    {
        await server.PutIntoGroupsAsync(Subject, "writers");
        var tokens = (await web.LoginAsync(Scope, alice)).ShouldBeOk();
        ShouldHave(tokens, Scope);
        await server.PutIntoGroupsAsync(Subject, "readers");
        Assert.Equal("openid email offline_access api.read", (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk()["scope"]);
        Assert.Equal("openid email offline_access api.read", (await web.IntrospectAsync(tokens.RefreshToken)).ShouldBeOk()["scope"]);
        var refreshed = (await web.RefreshAsync(tokens.RefreshToken, ("scope", Scope))).ShouldBeOk();
        ShouldHave(refreshed, "openid email offline_access api.read");
        await server.PutIntoGroupsAsync(Subject, "writers");
        ShouldHave((await web.RefreshAsync(refreshed.RefreshToken)).ShouldBeOk(), Scope);
    }

    [Fact]
    public async Task A_scope_that_is_taken_away_takes_its_claims_with_it()
    {
        await ChangeAsync("web", client => client with { SupplementaryScopeMaps = Maps(("mail", ["email"])) });
        await server.PutIntoGroupsAsync(Subject, "readers", "mail");
        var code = await alice.CodeAsync(web, "web", "openid offline_access api.read", request => request.With("claims", """{"userinfo":{"email":null},"id_token":{"email":null}}"""));
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        Assert.Equal("alice@example.com", JsonAnswer.Claims(tokens.IdToken).GetProperty("email").GetString());
        await server.PutIntoGroupsAsync(Subject, "readers");
        Assert.Null((await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
        Assert.False(JsonAnswer.Claims((await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk().IdToken).TryGetProperty("email", out _));
    }

    [Fact]
    public async Task The_password_grant_asks_the_groups_too()
    {
        await ChangeAsync("password", client => client with { ScopeMaps = Maps(("readers", ["profile"])) });
        var app = new ClientApp(server, "password");
        (string, string?)[] form = [("grant_type", "password"), ("username", "alice"), ("password", RunningServer.Password), ("scope", "openid profile")];
        Assert.Equal("openid profile", (await app.PostAsync("token", form)).ShouldBeOk()["scope"]);
        await server.PutIntoGroupsAsync(Subject);
        (await app.PostAsync("token", form)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_client_that_acts_for_itself_gets_mapped_scopes_by_its_own_groups()
    {
        await ChangeAsync("service", client => client with { ScopeMaps = Maps(("robots", ["api.write"])) });
        var service = new ClientApp(server, "service");
        Assert.Equal("api.read anywhere", (await service.PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk()["scope"]);
        (await service.PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.write")])).ShouldFail("invalid_scope");
        await ChangeAsync("service", client => client with { Groups = ["robots"] });
        Assert.Equal("api.write", (await service.PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.write")])).ShouldBeOk()["scope"]);
    }

    [Fact]
    public async Task A_change_of_groups_is_written_down()
    {
        await LocalServer.ImportAsync(server.Services, """{ "groups": [{ "name": "writers" }], "users": [{ "username": "alice", "groups": ["writers"] }, { "username": "bob", "groups": [] }] }""");
        Assert.Contains("The groups of alice-subject were changed from [readers] to [writers] by Operator", Assert.Single(server.Events(7021)), StringComparison.Ordinal);
    }

    private static void ShouldDeny(Answer page)
    {
        Assert.Equal(403, (int)page.Status);
        Assert.Contains("alice", page.Body, StringComparison.Ordinal);
        Assert.Contains("it@web.example", page.Body, StringComparison.Ordinal);
        var back = page.Document.QuerySelector("a#continue")!.GetAttribute("href")!;
        Assert.StartsWith("https://web.example/callback?error=access_denied", back, StringComparison.Ordinal);
        Assert.Contains("state=state-of-the-test", back, StringComparison.Ordinal);
    }

    private static void ShouldHave(JsonAnswer tokens, string scope)
    {
        Assert.Equal(scope, tokens["scope"]);
        Assert.Equal(scope, JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString());
    }

    private async Task ChangeAsync(string clientId, Func<Client, Client> change)
    {
        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync(change((await clients.FindAsync(clientId, default))!), default);
    }

    private static Dictionary<string, IReadOnlyList<string>> Maps(params (string Group, string[] Scopes)[] maps) =>
        maps.ToDictionary(entry => entry.Group, entry => (IReadOnlyList<string>)entry.Scopes);
}
