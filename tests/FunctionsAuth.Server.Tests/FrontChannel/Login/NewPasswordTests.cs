using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Whoever signed in with the old password, or before the account was disabled, does not stay signed in.</summary>
public sealed class NewPasswordTests : IAsyncLifetime
{
    private const string NewPassword = "Another-Horse-8-Battery";

    private RunningServer server = null!;
    private ClientApp app = null!;
    private Browser browser = null!;
    private JsonAnswer tokens = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        app = new ClientApp(server);
        browser = new Browser(server);
        tokens = (await app.LoginAsync("openid offline_access", browser)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData($"\"password\":\"{NewPassword}\"")]
    [InlineData("\"disabled\":true")]
    public async Task What_was_given_out_before_is_dead(string change)
    {
        await ImportAsync(change);
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    [Theory]
    [InlineData($"\"password\":\"{NewPassword}\"")]
    [InlineData("\"disabled\":true")]
    public async Task A_code_of_the_old_session_is_refused_and_then_the_browser_is_asked_to_sign_in(string change)
    {
        await ImportAsync(change);
        var answer = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        if (answer.Location is not null)
        {
            (await app.RedeemAsync(Expect.Code(answer))).ShouldFail("invalid_grant");
            answer = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        }
        Expect.Form(answer, "login");
        Expect.Error(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url), "login_required");
    }

    [Fact]
    public async Task A_code_that_was_on_its_way_is_refused()
    {
        var code = await browser.CodeAsync(app, "web", "openid");
        await ImportAsync($"\"password\":\"{NewPassword}\"");
        (await app.RedeemAsync(code)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task The_new_password_signs_in_at_the_same_moment_and_what_it_gives_lives()
    {
        await ImportAsync($"\"password\":\"{NewPassword}\"");
        foreach (var fresh in (Browser[])[browser, new Browser(server)])
        {
            var page = await fresh.FollowAsync(await fresh.GetAsync(new AuthorizationParameters(scope: "openid offline_access").With("prompt", "login").Url));
            Expect.Form(page, "login");
            var code = Expect.Code(await fresh.FollowAsync(await fresh.LoginAsync(page, password: NewPassword)));
            var given = (await app.RedeemAsync(code)).ShouldBeOk();
            (await app.RefreshAsync(given.RefreshToken)).ShouldBeOk();
            (await app.UserInfoAsync(given.AccessToken)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Enabled_again_the_account_takes_only_who_signs_in_again()
    {
        await ImportAsync("\"disabled\":true");
        await ImportAsync("\"disabled\":false");
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
        (await app.LoginAsync("openid")).ShouldBeOk();
    }

    [Theory]
    [InlineData($"\"password\":\"{RunningServer.Password}\"")]
    [InlineData("\"disabled\":false")]
    [InlineData("\"claims\":{\"name\":\"Alice Other\"}")]
    public async Task An_import_that_changes_neither_leaves_everybody_signed_in(string change)
    {
        await ImportAsync(change);
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await app.RedeemAsync(Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url)))).ShouldBeOk();
    }

    [Fact]
    public async Task The_same_password_again_changes_nothing()
    {
        var summary = await LocalServer.ImportAsync(server.Services, Users($"\"password\":\"{RunningServer.Password}\""));
        Assert.Equal(1, summary.Users.Unchanged);
    }

    [Fact]
    public async Task Another_user_stays_signed_in()
    {
        var bob = (await app.LoginAsync("openid offline_access", username: "bob")).ShouldBeOk();
        await ImportAsync($"\"password\":\"{NewPassword}\"");
        (await app.RefreshAsync(bob.RefreshToken)).ShouldBeOk();
    }

    private async Task ImportAsync(string change) => await LocalServer.ImportAsync(server.Services, Users(change));

    private static string Users(string change) => $$"""{ "users": [{ "username": "alice", {{change}} }] }""";
}
