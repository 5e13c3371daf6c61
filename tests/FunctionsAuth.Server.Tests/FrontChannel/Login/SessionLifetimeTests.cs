using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>12 hours, and 2 without use; with "keep me signed in" 30 days, and 7 without use.</summary>
public sealed class SessionLifetimeTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_session_that_is_not_used_ends()
    {
        var browser = await server.SignedInAsync("alice");
        server.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Expect.Error(await AskAsync(browser, "nobody-knows-it"), "invalid_request"); // no use, as no session is read
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Error(await AskAsync(browser), "login_required");
    }

    [Fact]
    public async Task Until_its_last_second_it_is_good()
    {
        var browser = await server.SignedInAsync("alice");
        server.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Expect.Code(await AskAsync(browser));
    }

    [Fact]
    public async Task Use_keeps_it_alive_but_not_beyond_its_absolute_end()
    {
        var browser = await server.SignedInAsync("alice");
        for (var hours = 1.5; hours < 12; hours += 1.5)
        {
            server.Clock.Advance(TimeSpan.FromHours(1.5));
            Expect.Code(await AskAsync(browser));
        }
        server.Clock.Advance(TimeSpan.FromHours(1.5) - TimeSpan.FromSeconds(1));
        Expect.Code(await AskAsync(browser));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Error(await AskAsync(browser), "login_required");
    }

    [Fact]
    public async Task A_remembered_one_lasts_longer()
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await browser.LoginAsync(page, remember: true));
        for (var day = 6; day < 30; day += 6)
        {
            server.Clock.Advance(TimeSpan.FromDays(6));
            Expect.Code(await AskAsync(browser));
        }
        // The cookie of a browser that never closes ends with the session, too.
        var cookie = browser.Cookie(BrowserCookieJar.Session)!;
        server.Clock.Advance(TimeSpan.FromDays(6));
        browser.SetCookie(BrowserCookieJar.Session, cookie);
        Expect.Error(await AskAsync(browser), "login_required");
    }

    [Fact]
    public async Task But_not_without_use()
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await browser.LoginAsync(page, remember: true));
        server.Clock.Advance(TimeSpan.FromDays(7));
        Expect.Error(await AskAsync(browser), "login_required");
    }

    [Fact]
    public async Task The_settings_say_how_long()
    {
        await using var strict = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["Lifetimes:Session"] = "00:10:00", ["Lifetimes:SessionIdle"] = "00:01:00" },
        });
        var browser = await strict.SignedInAsync("alice");
        for (var i = 0; i < 12; i++)
        {
            strict.Clock.Advance(TimeSpan.FromSeconds(45));
            Expect.Code(await AskAsync(browser));
        }
        strict.Clock.Advance(TimeSpan.FromSeconds(59));
        Expect.Code(await AskAsync(browser));
        strict.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Error(await AskAsync(browser), "login_required");
    }

    private static Task<Answer> AskAsync(Browser browser, string prompt = "none") => browser.GetAsync(new AuthorizationParameters().With("prompt", prompt).Url);
}
