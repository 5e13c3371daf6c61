using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Logout;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>Sessions, apps, activity, the copy of the data and the deletion: what follows for tokens and rows.</summary>
public sealed class AccountAccessTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
        alice = new Browser(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task One_session_is_ended_from_another_and_its_client_is_told()
    {
        await using var host = await ClientHost.StartAsync();
        host.Serve("/logout", "");
        await server.RegisterAsync(LogoutScene.NewClient("told") with { BackchannelLogoutUri = new Uri(host.Url, "/logout") });
        var phone = new Browser(server);
        var told = new ClientApp(server, "told");
        var tokens = (await told.LoginAsync("openid", phone)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.AccountAsync("sessions");
        Assert.Equal(2, page.Rows().Count);
        Assert.Contains("This browser", page.Rows()[0], StringComparison.Ordinal);

        page = await alice.PressAsync(page, "end", tokens.Sid());
        Assert.Equal("The session is ended. Apps that can be told of it were told.", page.Done());
        Assert.Single(page.Rows());
        Assert.Equal(1, host.RequestsFor("/logout"));
        (await told.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        Assert.True((await phone.FollowAsync(await phone.GetAsync("account/sessions"))).HasForm("login"));
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        var bob = new Browser(server);
        var tokens = (await new ClientApp(server).LoginAsync("openid", bob, "bob")).ShouldBeOk();
        var page = await alice.AccountAsync("sessions");
        page = await alice.PressAsync(page, "end", null, ("session", tokens.Sid()));
        Assert.Equal("That session has ended already.", page.Done());
        (await new ClientApp(server).RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_and_tells_the_clients_of_all()
    {
        await using var host = await ClientHost.StartAsync();
        host.Serve("/logout", "");
        await server.RegisterAsync(LogoutScene.NewClient("told") with { BackchannelLogoutUri = new Uri(host.Url, "/logout") });
        var told = new ClientApp(server, "told");
        List<JsonAnswer> all = [];
        foreach (var browser in new[] { new Browser(server), new Browser(server), alice })
            all.Add((await told.LoginAsync("openid offline_access", browser)).ShouldBeOk());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.PressAsync(await alice.AccountAsync("sessions"), "end_all");
        Assert.Equal("You are signed out", page.Heading());
        Assert.Equal(3, host.RequestsFor("/logout"));
        foreach (var tokens in all)
        {
            (await told.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
            (await told.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
        }
        Assert.True((await alice.FollowAsync(await alice.GetAsync("account/sessions"))).HasForm("login"));
        Assert.Single((await alice.AccountAsync("sessions")).Rows());
    }

    [Fact]
    public async Task An_app_is_listed_with_what_it_may_do_until_its_access_is_taken_back()
    {
        var app = new ClientApp(server, "third-party");
        var code = await alice.CodeAsync(app, "third-party", "openid profile offline_access");
        var tokens = (await app.RedeemAsync(code)).ShouldBeOk();
        var page = await alice.AccountAsync("apps");
        var row = Assert.Single(page.Rows());
        Assert.Contains("It keeps access while you are away", row, StringComparison.Ordinal);

        page = await alice.PressAsync(page, "revoke", "third-party");
        Assert.Equal("The app has no access to your account any more.", page.Done());
        Assert.Empty(page.Rows());
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task The_use_of_an_app_is_written_down_once_a_day()
    {
        var app = new ClientApp(server, "third-party");
        var tokens = (await app.RedeemAsync(await alice.CodeAsync(app, "third-party", "openid offline_access"))).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromDays(2));
        tokens = (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        var page = await alice.AccountAsync("apps");
        Assert.Contains($"Last used {server.Clock.GetUtcNow():d MMMM yyyy}", Assert.Single(page.Rows()), StringComparison.Ordinal);
        using var meter = new MeterCounts();
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.DoesNotContain(meter.StorageOperations, operation => operation.Contains("merge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_activity_says_who_tried_and_from_where()
    {
        await new Browser(server).AccountAsync("profile", password: "wrong-password");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.AccountAsync("activity");
        Assert.StartsWith("You signed in to Your account.", page.Rows()[0], StringComparison.Ordinal);
        Assert.StartsWith("Somebody tried to sign in with a wrong password.", page.Rows()[1], StringComparison.Ordinal);
        server.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Single((await alice.AccountAsync("activity")).Rows());
    }

    [Fact]
    public async Task The_activity_does_not_say_that_a_person_allowed_what_nobody_asked()
    {
        (await new ClientApp(server).LoginAsync("openid profile", alice)).ShouldBeOk();
        var row = Assert.Single((await alice.AccountAsync("activity")).Rows(), row => row.Contains("access", StringComparison.Ordinal));
        Assert.Contains(" was given access to your account.", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_the_data_has_everything_but_secrets()
    {
        var app = new ClientApp(server, "third-party");
        await app.RedeemAsync(await alice.CodeAsync(app, "third-party", "openid profile"));
        var answer = await alice.PressAsync(await alice.AccountAsync("data"), "download");
        Assert.Equal("attachment; filename=\"account.json\"", answer.Response.Content.Headers.GetValues("Content-Disposition").Single());
        var data = JsonNode.Parse(answer.Body)!;
        Assert.Equal(("alice-subject", "alice", "Alice Example"), ((string?)data["subject"], (string?)data["username"], (string?)data["claims"]!["name"]));
        Assert.Equal("third-party", (string?)data["apps"]![0]!["client_id"]);
        Assert.NotEmpty(data["sessions"]!.AsArray());
        Assert.Contains(data["events"]!.AsArray(), entry => (string?)entry!["kind"] == "data_downloaded");
        var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
        Assert.DoesNotContain(user.PasswordHash!, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_account_is_gone_and_its_subject_is_nobodys_any_more()
    {
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync("openid offline_access", new Browser(server))).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.AccountAsync("delete");
        Assert.Contains("Nothing was deleted", (await alice.PressAsync(page, "delete", null, ("username", "bob"))).Problem(), StringComparison.Ordinal);
        page = await alice.PressAsync(page, "delete", null, ("username", "Alice"));
        Assert.Equal("Your account is deleted", page.Heading());

        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
        Assert.True((await alice.AccountAsync("profile")).HasForm("login"));
        var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
        Assert.Equal(("", null, 0), (user.Username, user.PasswordHash, user.Claims.Count));
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await server.Get<Protocol.Prune.Pruner>().RunAsync(default);
        Assert.DoesNotContain(await server.RowsAsync("Audit"), row => row.GetString("Subject") == "alice-subject");
        Assert.DoesNotContain(await server.RowsAsync("AuditOfPeople"), row => row.GetString("Subject") == "alice-subject");
        Assert.Empty(await server.RowsAsync("Consents"));
        Assert.Empty(await server.RowsAsync("Deletions"));

        // Nobody who signs up gets the name; an operator can give it to somebody, and never the subject.
        Assert.Equal("alice-subject", await server.Get<IUserStore>().FindOwnerAsync("alice", default));
        Assert.False(await server.Get<IUserStore>().TryAddLoginNameAsync("alice", "bob-subject", default));
        var problem = await Assert.ThrowsAsync<Protocol.Import.ImportException>(() => LocalServer.ImportAsync(
            server.Services, """{ "users": [{ "username": "alice", "subject": "alice-subject", "password": "a-new-long-phrase" }] }"""));
        Assert.Contains("can't be used again", problem.Message, StringComparison.Ordinal);
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "alice", "password": "a-new-long-phrase" }] }""");
        Assert.NotEqual("alice-subject", await server.Get<IUserStore>().FindSubjectAsync("alice", default));
    }
}
