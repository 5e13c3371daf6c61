using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Keys;
using FunctionsAuth.Server.Tests.Logout;

namespace FunctionsAuth.Server.Tests.Audit;

/// <summary>What an operator finds in the log of what people and clients did, and what must never stand there.</summary>
public sealed class SecurityEventTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        browser = new Browser(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_sign_in_names_the_person_and_the_client()
    {
        await new ClientApp(server).LoginAsync("openid", browser);
        ShouldHave(7001, "alice-subject signed in for client web");
    }

    [Theory]
    [InlineData("alice", "wrong-password", "alice-subject was not signed in for client web: WrongNameOrPassword")]
    [InlineData("nobody-of-that-name", "wrong-password", "(unknown) was not signed in for client web: WrongNameOrPassword")]
    public async Task A_failed_sign_in_says_why(string username, string password, string message)
    {
        await FailAsync(username, password);
        ShouldHave(7002, message);
        Assert.Empty(server.Events(7001));
    }

    [Fact]
    public async Task A_disabled_account_and_one_that_takes_no_guesses_are_told_apart()
    {
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "bob", "disabled": true }] }""");
        await FailAsync("bob", RunningServer.Password);
        ShouldHave(7002, "bob-subject was not signed in for client web: Disabled");
        for (var i = 0; i < 10; i++)
            await FailAsync("alice", "wrong-password");
        await FailAsync("alice", RunningServer.Password);
        Assert.Contains("alice-subject was not signed in for client web: Throttled", server.Events(7002)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_logout_and_revocation_leave_a_line_each()
    {
        var code = await browser.CodeAsync(new ClientApp(server, "third-party"), "third-party", "openid profile");
        ShouldHave(7005, "alice-subject allowed client third-party: openid profile");
        var tokens = (await new ClientApp(server, "third-party").RedeemAsync(code)).ShouldBeOk();
        (await new ClientApp(server, "third-party").RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        ShouldHave(7007, "Client third-party revoked grant");
        // Allowed before, it is no event again.
        await browser.CodeAsync(new ClientApp(server, "third-party"), "third-party", "openid profile");
        Assert.Single(server.Events(7005));
        (await browser.LogoutAsync(tokens)).ShouldBeSignedOut();
        ShouldHave(7004, $"alice-subject ended session {tokens.Sid()}");
    }

    [Fact]
    public async Task An_import_says_whose_account_it_changed()
    {
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "bob", "disabled": true, "password": "a-new-long-phrase" }] }""");
        ShouldHave(7008, "The password of bob-subject was changed");
        ShouldHave(7009, "The account of bob-subject was disabled");
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "bob", "disabled": false }] }""");
        ShouldHave(7010, "The account of bob-subject was enabled");
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "bob", "disabled": false, "password": "a-new-long-phrase" }] }""");
        Assert.Single(server.Events(7008));
    }

    [Fact]
    public async Task An_import_says_whose_profile_it_changed_and_in_what()
    {
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "Bob", "claims": { "name": "Robert", "zoneinfo": "Europe/Zurich" } }] }""");
        ShouldHave(7013, "The username of bob-subject was changed by Operator");
        var line = Assert.Single(server.Events(7014));
        Assert.All(["bob-subject", "name", "zoneinfo", "by Operator"], text => Assert.Contains(text, line, StringComparison.Ordinal));
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "Bob", "claims": { "name": "Robert", "zoneinfo": "Europe/Zurich" } }] }""");
        Assert.Single(server.Events(7014));
    }

    [Fact]
    public async Task A_stranger_can_not_fill_the_log()
    {
        for (var i = 0; i < 100; i++)
        {
            (await server.PostAsync("token", "grant_type=client_credentials", RawRequests.Basic("web", $"wrong-{i}"))).ShouldFail("invalid_client", 401);
            (await server.PostAsync("token", "grant_type=client_credentials", RawRequests.Basic($"no-client-{i}", "wrong"))).ShouldFail("invalid_client", 401);
        }
        Assert.Equal(60, server.Events(7006).Count);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await server.PostAsync("token", "grant_type=client_credentials", RawRequests.Basic("web", "wrong"))).ShouldFail("invalid_client", 401);
        Assert.Equal(61, server.Events(7006).Count);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("no-client-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_line_has_what_a_person_typed()
    {
        await FailAsync("alice@example.com", "typed-secret-1");
        await FailAsync("typed-secret-2", "typed-secret-3");
        await new ClientApp(server).LoginAsync("openid profile email", browser);
        var lines = server.Log.Lines.Where(line => line.Contains("FunctionsAuth.Protocol.Audit", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.False(
            new[] { "typed-secret", "alice@example.com", "Alice Example", RunningServer.Password }.Any(text => line.Contains(text, StringComparison.Ordinal)), line));
    }

    private async Task FailAsync(string username, string password)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Assert.True((await browser.LoginAsync(page, username, password)).HasForm("login"));
    }

    private void ShouldHave(int id, string message) => Assert.Contains(server.Events(id), line => line.Contains(message, StringComparison.Ordinal));
}
