using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Who signs in once more in the same browser gets a new session; what depends on the one before it depends on the user.</summary>
public sealed class SignInAgainTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string PostCallback = "https://post.example/callback";

    private readonly ClientApp web = new(shared.Server);
    private readonly ClientApp post = new(shared.Server, "post");

    [Fact]
    public async Task The_same_user_keeps_what_another_client_has_of_the_session()
    {
        var (browser, tokens) = await SignInAsync();
        for (var i = 0; i < 3; i++)
        {
            await AgainAsync(browser, "alice");
            tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task A_session_that_is_forgotten_after_many_sign_ins_ends_as_no_logout_could_end_it()
    {
        var (browser, tokens) = await SignInAsync();
        for (var i = 0; i < 8; i++)
            await AgainAsync(browser, "alice");
        tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        await AgainAsync(browser, "alice");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task The_cookie_from_before_is_dead()
    {
        var (browser, _) = await SignInAsync();
        var before = browser.Cookie(BrowserCookieJar.Session)!;
        await AgainAsync(browser, "alice");
        Assert.NotEqual(before, browser.Cookie(BrowserCookieJar.Session));
        await AssertSignedInAsync(browser.Cookie(BrowserCookieJar.Session)!, true);
        await AssertSignedInAsync(before, false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logout_ends_them_all_whichever_ID_token_is_the_hint(bool hintOfTheFirst)
    {
        var (browser, tokens) = await SignInAsync();
        await AgainAsync(browser, "alice");
        var between = (await web.RedeemAsync(await browser.CodeAsync(web, "web", "openid"))).ShouldBeOk();
        var last = await AgainAsync(browser, "alice");
        var now = (await web.RedeemAsync(await browser.CodeAsync(web, "web", "openid"))).ShouldBeOk();

        var answer = await browser.GetAsync($"logout?id_token_hint={(hintOfTheFirst ? tokens : last).IdToken}");
        Assert.Contains("You are signed out", answer.Text());
        foreach (var ended in (JsonAnswer[])[tokens, between, now])
            (await web.RefreshAsync(ended.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task Another_user_ends_the_session_before()
    {
        var (browser, tokens) = await SignInAsync();
        var before = browser.Cookie(BrowserCookieJar.Session)!;
        await AgainAsync(browser, "alice");
        var between = browser.Cookie(BrowserCookieJar.Session)!;
        await AgainAsync(browser, "bob");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        await AssertSignedInAsync(before, false);
        await AssertSignedInAsync(between, false);
    }

    [Fact]
    public async Task In_another_browser_it_is_another_session()
    {
        var (browser, tokens) = await SignInAsync();
        var (_, others) = await SignInAsync();
        await browser.GetAsync($"logout?id_token_hint={tokens.IdToken}");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await web.RefreshAsync(others.RefreshToken)).ShouldBeOk();
    }

    /// <summary>Without offline_access: the refresh token lives as long as the session.</summary>
    private async Task<(Browser Browser, JsonAnswer Tokens)> SignInAsync()
    {
        var browser = shared.NewBrowser();
        return (browser, (await web.LoginAsync("openid", browser)).ShouldBeOk());
    }

    private async Task<JsonAnswer> AgainAsync(Browser browser, string username)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("post").With("prompt", "login").Url));
        Expect.Form(page, "login");
        return (await post.RedeemAsync(Expect.Code(await browser.FollowAsync(await browser.LoginAsync(page, username)), PostCallback))).ShouldBeOk();
    }

    private async Task AssertSignedInAsync(string cookie, bool expected)
    {
        var thief = shared.NewBrowser();
        thief.SetCookie(BrowserCookieJar.Session, cookie);
        var answer = await thief.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);
        if (expected)
            Expect.Code(answer);
        else
            Expect.Error(answer, "login_required");
    }
}
