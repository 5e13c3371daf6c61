using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>When refresh tokens end by themselves. Each test has its own login, as each moves the clock far.</summary>
public sealed class RefreshLifetimeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ClientApp Web => shared.App();

    private TestClock Clock => shared.Server.Clock;

    [Fact]
    public async Task Rotation_does_not_move_the_end_of_the_family()
    {
        var tokens = await shared.TokensAsync();
        for (var day = 10; day < 30; day += 10)
        {
            Clock.Advance(TimeSpan.FromDays(10));
            tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        }
        Clock.Advance(TimeSpan.FromDays(10) - Second);
        tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Clock.Advance(Second);
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await Web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        // The access token ends by itself.
        (await Web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_that_is_not_used_for_14_days_ends()
    {
        var tokens = await shared.TokensAsync();
        Clock.Advance(TimeSpan.FromDays(14) - Second);
        tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Clock.Advance(TimeSpan.FromDays(14));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await Web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task A_token_that_stays_the_same_ends_with_its_family()
    {
        var tokens = await shared.TokensAsync("legacy");
        Clock.Advance(TimeSpan.FromDays(30) - Second);
        (await shared.App("legacy").RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Clock.Advance(Second);
        (await shared.App("legacy").RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task Without_offline_access_it_ends_with_the_logout()
    {
        var browser = new Browser(shared.Server);
        var tokens = (await Web.LoginAsync("openid", browser)).ShouldBeOk();
        tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        await LogoutAsync(browser, tokens);
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await Web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task With_offline_access_it_outlives_the_logout()
    {
        var browser = new Browser(shared.Server);
        var tokens = (await Web.LoginAsync("openid offline_access", browser)).ShouldBeOk();
        await LogoutAsync(browser, tokens);
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task With_offline_access_it_outlives_the_session()
    {
        var tokens = (await Web.LoginAsync("openid offline_access")).ShouldBeOk();
        Clock.Advance(TimeSpan.FromHours(13));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task Without_offline_access_it_ends_when_the_session_has_idled_out()
    {
        var tokens = (await Web.LoginAsync("openid")).ShouldBeOk();
        Clock.Advance(TimeSpan.FromHours(2));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_is_a_use_of_the_session_until_its_absolute_end()
    {
        var browser = new Browser(shared.Server);
        var tokens = (await Web.LoginAsync("openid", browser)).ShouldBeOk();
        // 11 hours in steps of 1: longer than a session may idle.
        for (var hour = 1; hour <= 11; hour++)
        {
            Clock.Advance(TimeSpan.FromHours(1));
            tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        }
        // The browser is still signed in, too.
        var silent = await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);
        Assert.Contains("code", silent.Parameters.Keys);
        Clock.Advance(TimeSpan.FromHours(1) - Second);
        tokens = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Clock.Advance(Second);
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    private static async Task LogoutAsync(Browser browser, JsonAnswer tokens)
    {
        var answer = await browser.GetAsync($"{RunningServer.Issuer}/logout?id_token_hint={tokens.IdToken}");
        Assert.Contains("signed out", answer.Body, StringComparison.OrdinalIgnoreCase);
    }
}
