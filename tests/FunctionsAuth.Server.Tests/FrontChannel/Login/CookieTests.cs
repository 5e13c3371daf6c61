using System.Net;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Net.Http.Headers;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class CookieTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task Each_cookie_is_for_this_host_alone_and_no_script_reads_it()
    {
        var (browser, page, opened) = await OpenAsync();
        var signedIn = await browser.LoginAsync(page);

        AssertSafe(CookiesOf(opened)[0], BrowserCookieJar.Secret);
        AssertSafe(CookiesOf(opened)[1], $"{BrowserCookieJar.Secret}-{page.HiddenFields()["request"]}", TimeSpan.FromHours(1));
        Assert.Equal(2, CookiesOf(opened).Count);
        AssertSafe(Assert.Single(CookiesOf(signedIn), IsSession), BrowserCookieJar.Session);
        var lasting = CookiesOf(signedIn).Where(cookie => !IsSession(cookie)).OrderBy(cookie => cookie.Name.ToString()).ToList();
        Assert.Equal(["__Host-accounts", "__Host-devices"], lasting.Select(cookie => cookie.Name.ToString()));
        var now = shared.Server.Clock.GetUtcNow();
        Assert.InRange(lasting[0].Expires!.Value, now + TimeSpan.FromHours(12), now + TimeSpan.FromHours(13));
        Assert.Equal(now + TimeSpan.FromDays(180), lasting[1].Expires);
        Assert.All(lasting, cookie => Assert.True(cookie.HttpOnly && cookie.Secure && cookie.SameSite == SameSiteMode.Lax && cookie.Path == "/" && !cookie.Domain.HasValue));

        static void AssertSafe(SetCookieHeaderValue cookie, string name, TimeSpan? maxAge = null)
        {
            Assert.Equal(name, cookie.Name.ToString());
            Assert.True(cookie.HttpOnly);
            Assert.True(cookie.Secure);
            Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
            Assert.Equal("/", cookie.Path.ToString());
            Assert.False(cookie.Domain.HasValue);
            Assert.Null(cookie.Expires);
            Assert.Equal(maxAge, cookie.MaxAge);
        }
    }

    private static bool IsSession(SetCookieHeaderValue cookie) => cookie.Name == BrowserCookieJar.Session;

    [Fact]
    public async Task Keep_me_signed_in_makes_the_cookie_outlive_the_browser()
    {
        var (browser, page, _) = await OpenAsync();
        Assert.Contains("30 days", page.Text());
        var cookie = Assert.Single(CookiesOf(await browser.LoginAsync(page, remember: true)), IsSession);
        Assert.Equal(BrowserCookieJar.Session, cookie.Name.ToString());
        Assert.Equal(shared.Server.Clock.GetUtcNow() + TimeSpan.FromDays(30), cookie.Expires);
        Assert.True(cookie.HttpOnly && cookie.Secure && cookie.SameSite == SameSiteMode.Lax && cookie.Path == "/");
    }

    [Fact]
    public async Task On_http_which_is_localhost_the_names_say_whose_cookies_they_are()
    {
        await using var local = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = "http://localhost:7071" } });
        var opened = await Answer.ReadAsync(await local.Http.GetAsync("http://localhost:7071/authorize?" + new AuthorizationParameters().Encoded));
        Assert.StartsWith("http://localhost:7071/login?", opened.Location);
        var browserCookie = CookiesOf(opened)[0];
        AssertLocal(browserCookie, "functionsauth-7071-browser");

        using var show = new HttpRequestMessage(HttpMethod.Get, new Uri(opened.Location!).PathAndQuery);
        show.Headers.Add("Cookie", $"functionsauth-7071-browser={browserCookie.Value}");
        var page = await Answer.ReadAsync(await local.Http.SendAsync(show));
        using var submit = new HttpRequestMessage(HttpMethod.Post, "login")
        {
            Content = new FormUrlEncodedContent([.. page.HiddenFields(), new("username", "alice"), new("password", RunningServer.Password)]),
        };
        submit.Headers.Add("Cookie", $"functionsauth-7071-browser={browserCookie.Value}");
        var signedIn = await Answer.ReadAsync(await local.Http.SendAsync(submit));

        Assert.StartsWith(Expect.Callback + "?code=", signedIn.Location);
        AssertLocal(Assert.Single(CookiesOf(signedIn), cookie => cookie.Name == "functionsauth-7071-session"), "functionsauth-7071-session");

        static void AssertLocal(SetCookieHeaderValue cookie, string name)
        {
            Assert.Equal(name, cookie.Name.ToString());
            Assert.False(cookie.Secure);
            Assert.True(cookie.HttpOnly);
            Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
            Assert.Equal("/", cookie.Path.ToString());
        }
    }

    [Fact]
    public async Task A_login_makes_a_new_session_and_ends_the_one_before()
    {
        var browser = await shared.SignedInAsync("alice");
        var before = browser.Cookie(BrowserCookieJar.Session)!;
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(page));
        var after = browser.Cookie(BrowserCookieJar.Session)!;

        Assert.NotEqual(before.Split('.')[0], after.Split('.')[0]);
        Assert.NotEqual(before.Split('.')[1], after.Split('.')[1]);
        Expect.Code(await SilentAsync(after));
        Expect.Error(await SilentAsync(before), "login_required");
    }

    [Fact]
    public async Task A_session_cookie_that_somebody_else_planted_is_worth_nothing_after_the_login()
    {
        var attacker = await shared.SignedInAsync("bob");
        var planted = attacker.Cookie(BrowserCookieJar.Session)!;
        var victim = shared.NewBrowser();
        victim.SetCookie(BrowserCookieJar.Session, planted);
        var page = await victim.FollowAsync(await victim.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await victim.LoginAsync(page));

        Assert.NotEqual(planted, victim.Cookie(BrowserCookieJar.Session));
        Expect.Error(await SilentAsync(planted), "login_required");
    }

    [Fact]
    public async Task A_wrong_password_leaves_the_session_that_is_there()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page, "bob", "wrong")).Status);
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url));
    }

    private Task<Answer> SilentAsync(string session)
    {
        var browser = shared.NewBrowser();
        browser.SetCookie(BrowserCookieJar.Session, session);
        return browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);
    }

    private async Task<(Browser Browser, Answer Page, Answer Opened)> OpenAsync()
    {
        var browser = shared.NewBrowser();
        var opened = await browser.GetAsync(new AuthorizationParameters().Url);
        return (browser, await browser.FollowAsync(opened), opened);
    }

    private static IList<SetCookieHeaderValue> CookiesOf(Answer answer) =>
        SetCookieHeaderValue.ParseList([.. answer.Response.Headers.TryGetValues("Set-Cookie", out var values) ? values : []]);
}
