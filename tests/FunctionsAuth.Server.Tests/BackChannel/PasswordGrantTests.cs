using FunctionsAuth.Server.Tests.FrontChannel.Authorize;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>RFC 6749 §4.3: off unless the operator turned it on.</summary>
public sealed class PasswordGrantTests(LegacyServer shared) : IClassFixture<LegacyServer>
{
    private ClientApp App => shared.App("password");

    [Fact]
    public async Task The_right_password_gives_tokens_that_work()
    {
        var tokens = (await LoginAsync(App)).ShouldBeOk();
        Assert.Equal("Alice Example", (await App.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["name"]);
        Assert.Equal("alice-subject", JsonAnswer.Claims(tokens.IdToken).GetProperty("sub").GetString());
        Assert.Equal("openid profile offline_access", tokens["scope"]);
        var refreshed = (await App.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await App.UserInfoAsync(refreshed.AccessToken)).ShouldBeOk();
        (await App.RevokeAsync(refreshed.RefreshToken)).ShouldBeOk();
        await App.ShouldBeRevokedAsync(refreshed);
    }

    [Fact]
    public async Task Without_offline_access_the_refresh_token_ends_with_a_session()
    {
        await using var server = await RunningServer.StartAsync(LegacyServer.WithLegacy);
        var app = new ClientApp(server, "password");
        var tokens = (await LoginAsync(app, ("scope", "openid"))).ShouldBeOk();
        tokens = (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromHours(2));
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Theory]
    [InlineData("username", "nobody", "invalid_grant")]
    [InlineData("password", "wrong", "invalid_grant")]
    [InlineData("username", null, "invalid_request")]
    [InlineData("password", null, "invalid_request")]
    [InlineData("scope", "openid api.write", "invalid_scope")]
    [InlineData("resource", "https://nowhere.example", "invalid_target")]
    public async Task Everything_else_is_refused(string name, string? value, string error) => (await LoginAsync(App, (name, value))).ShouldFail(error);

    [Fact]
    public async Task Guesses_lock_the_account_as_on_the_login_page()
    {
        await using var server = await RunningServer.StartAsync(LegacyServer.WithLegacy);
        var app = new ClientApp(server, "password");
        for (var guess = 0; guess < 10; guess++)
            (await LoginAsync(app, ("password", "wrong"))).ShouldFail("invalid_grant");
        (await LoginAsync(app)).ShouldFail("invalid_grant");
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        (await LoginAsync(app)).ShouldBeOk();
    }

    [Fact]
    public async Task A_wrong_scope_costs_no_try()
    {
        await using var server = await RunningServer.StartAsync(LegacyServer.WithLegacy);
        var app = new ClientApp(server, "password");
        for (var i = 0; i < 12; i++)
            (await LoginAsync(app, ("scope", "openid api.write"), ("password", "wrong"))).ShouldFail("invalid_scope");
        (await LoginAsync(app)).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_that_is_not_registered_for_it_is_refused() => (await LoginAsync(shared.App())).ShouldFail("unauthorized_client");

    [Fact]
    public async Task Without_the_setting_there_is_none()
    {
        await using var server = await RunningServer.StartAsync();
        (await LoginAsync(new ClientApp(server, "password"))).ShouldFail("unsupported_grant_type");
    }

    [Fact]
    public async Task No_browser_is_signed_in_by_it()
    {
        var browser = new Browser(shared.Server);
        (await LoginAsync(App)).ShouldBeOk();
        Assert.True((await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))).HasForm("login"));
    }

    private static Task<JsonAnswer> LoginAsync(ClientApp app, params (string Name, string? Value)[] changes) =>
        app.PostAsync("token", [("grant_type", "password"), ("username", "alice"), ("password", RunningServer.Password), .. changes]);
}
