using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.WebUtilities;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class LogoutTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Goodbye = "https://web.example/goodbye";

    [Fact]
    public async Task An_id_token_of_the_session_ends_it_without_a_question()
    {
        var (browser, hint) = await SignInAsync();
        var cookie = browser.Cookie(BrowserCookieJar.Session)!;
        var answer = await LogoutAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", Goodbye), ("state", "a b&c=d"));

        Assert.Equal($"{Goodbye}?state=a%20b%26c%3Dd", answer.Location);
        Expect.NotStored(answer);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        browser.SetCookie(BrowserCookieJar.Session, cookie);
        await AssertSignedInAsync(browser, false);
    }

    [Fact]
    public async Task Without_state_none_is_added()
    {
        var (browser, hint) = await SignInAsync();
        Assert.Equal(Goodbye, (await LogoutAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", Goodbye))).Location);
    }

    [Fact]
    public async Task Without_an_address_to_go_to_there_is_a_page()
    {
        var (browser, hint) = await SignInAsync();
        var answer = await LogoutAsync(browser, ("id_token_hint", hint));
        Assert.Null(answer.Location);
        Assert.Contains("You are signed out", answer.Body);
        await AssertSignedInAsync(browser, false);
    }

    [Fact]
    public async Task The_hint_may_have_expired()
    {
        var (browser, hint) = await SignInAsync();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(90));
        await AssertSignedInAsync(browser, true);
        Assert.Equal(Goodbye, (await LogoutAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", Goodbye))).Location);
        await AssertSignedInAsync(browser, false);
    }

    [Fact]
    public async Task The_client_may_be_named_beside_its_hint()
    {
        var (browser, hint) = await SignInAsync();
        var answer = await LogoutAsync(browser, ("id_token_hint", hint), ("client_id", "web"), ("post_logout_redirect_uri", Goodbye));
        Assert.Equal(Goodbye, answer.Location);
    }

    [Fact]
    public async Task A_hint_of_another_session_of_the_user_asks()
    {
        var (browser, _) = await SignInAsync();
        var (_, hint) = await SignInAsync();
        await AssertAskedAsync(browser, ("id_token_hint", hint));
    }

    [Fact]
    public async Task A_hint_of_another_user_asks()
    {
        var (browser, _) = await SignInAsync();
        var (_, hint) = await SignInAsync("bob");
        await AssertAskedAsync(browser, ("id_token_hint", hint));
    }

    [Fact]
    public async Task Without_a_hint_the_user_is_asked()
    {
        var (browser, _) = await SignInAsync();
        await AssertAskedAsync(browser);
        await AssertAskedAsync(browser, ("client_id", "web"), ("post_logout_redirect_uri", Goodbye), ("logout_hint", "alice"));
    }

    [Fact]
    public async Task Who_is_asked_can_go_and_is_sent_where_the_client_wants()
    {
        var (browser, _) = await SignInAsync();
        var cookie = browser.Cookie(BrowserCookieJar.Session)!;
        var page = await LogoutAsync(browser, ("client_id", "web"), ("post_logout_redirect_uri", Goodbye), ("state", "x y"));
        Expect.Form(page, "logout");
        Assert.Contains("alice", page.Document.QuerySelector(".who")!.TextContent);
        Assert.Contains("Web app", page.Text());

        var answer = await browser.SubmitAsync(page, ("action", "logout"));
        Assert.Equal($"{Goodbye}?state=x%20y", answer.Location);
        browser.SetCookie(BrowserCookieJar.Session, cookie);
        await AssertSignedInAsync(browser, false);
    }

    [Fact]
    public async Task Who_is_asked_can_stay()
    {
        var (browser, _) = await SignInAsync();
        var page = await LogoutAsync(browser, ("client_id", "web"), ("post_logout_redirect_uri", Goodbye));
        var answer = await browser.SubmitAsync(page, ("action", "stay"));
        Assert.Null(answer.Location);
        Assert.Contains("You are still signed in", answer.Text());
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_not_asked()
    {
        Assert.Contains("You are signed out", (await LogoutAsync(shared.NewBrowser())).Text());
        var answer = await LogoutAsync(shared.NewBrowser(), ("client_id", "web"), ("post_logout_redirect_uri", Goodbye), ("state", "x"));
        Assert.Equal($"{Goodbye}?state=x", answer.Location);
    }

    [Fact]
    public async Task An_address_that_is_not_registered_gets_a_page_and_nobody_is_signed_out()
    {
        var (browser, hint) = await SignInAsync();
        string[] addresses =
        [
            "https://evil.example/", "https://web.example/goodbye/", "https://web.example/Goodbye", "https://web.example/goodbye?x=1",
            "https://web.example/goodbye#x", "https://web.example:443/goodbye", "https://web.example/callback", "https://spa.example/",
        ];
        foreach (var address in addresses)
        {
            Expect.Page(await LogoutAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", address)), "post_logout_redirect_uri");
            Expect.Page(await LogoutAsync(browser, ("client_id", "web"), ("post_logout_redirect_uri", address)), "post_logout_redirect_uri");
            Expect.Page(await LogoutAsync(shared.NewBrowser(), ("client_id", "web"), ("post_logout_redirect_uri", address)), "post_logout_redirect_uri");
        }
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task An_address_without_a_client_is_not_returned_to_but_who_is_asked_can_go()
    {
        var (browser, _) = await SignInAsync();
        var page = await LogoutAsync(browser, ("post_logout_redirect_uri", Goodbye), ("state", "s"));
        Expect.Form(page, "logout");
        await AssertSignedInAsync(browser, true);
        var answer = await browser.SubmitAsync(page, ("action", "logout"));
        Assert.Null(answer.Location);
        Assert.Contains("You are signed out", answer.Text());
        Assert.DoesNotContain("web.example", answer.Body, StringComparison.Ordinal);
        await AssertSignedInAsync(browser, false);
    }

    [Theory]
    [InlineData("spa")]
    [InlineData("nobody")]
    [InlineData("disabled")]
    public async Task Another_client_than_that_of_the_hint_gets_a_page(string clientId)
    {
        var (browser, hint) = await SignInAsync();
        Expect.Page(await LogoutAsync(browser, ("id_token_hint", hint), ("client_id", clientId)), "client_id");
        await AssertSignedInAsync(browser, true);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("disabled")]
    public async Task An_unknown_or_disabled_client_keeps_nobody_signed_in_but_is_not_returned_to(string clientId)
    {
        var (browser, _) = await SignInAsync();
        Expect.Form(await LogoutAsync(browser, ("client_id", clientId)), "logout");
        var page = await LogoutAsync(browser, ("client_id", clientId), ("post_logout_redirect_uri", "https://disabled.example/"));
        Expect.Form(page, "logout");
        Assert.Null((await browser.SubmitAsync(page, ("action", "logout"))).Location);
        await AssertSignedInAsync(browser, false);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZS1zdWJqZWN0In0.")]
    public async Task A_hint_that_is_garbage_is_none_and_the_person_is_asked(string hint)
    {
        var (browser, _) = await SignInAsync();
        Expect.Form(await LogoutAsync(browser, ("id_token_hint", hint)), "logout");
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task An_access_token_is_no_hint()
    {
        var browser = shared.NewBrowser();
        var tokens = await new ClientApp(shared.Server).LoginAsync("openid", browser);
        Expect.Form(await LogoutAsync(browser, ("id_token_hint", tokens.AccessToken)), "logout");
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task A_repeated_parameter_gets_a_page()
    {
        var (browser, hint) = await SignInAsync();
        Expect.Page(await browser.GetAsync($"logout?id_token_hint={hint}&id_token_hint={hint}"), "more than once");
        await AssertSignedInAsync(browser, true);
    }

    private async Task<(Browser Browser, string IdToken)> SignInAsync(string username = "alice")
    {
        var browser = shared.NewBrowser();
        var tokens = await new ClientApp(shared.Server).LoginAsync("openid", browser, username);
        return (browser, tokens.IdToken);
    }

    private static Task<Answer> LogoutAsync(Browser browser, params (string Name, string Value)[] parameters) =>
        browser.GetAsync(QueryHelpers.AddQueryString("logout", parameters.ToDictionary(p => p.Name, string? (p) => p.Value)));

    private static async Task AssertAskedAsync(Browser browser, params (string Name, string Value)[] parameters)
    {
        Expect.Form(await LogoutAsync(browser, parameters), "logout");
        await AssertSignedInAsync(browser, true);
    }

    private static async Task AssertSignedInAsync(Browser browser, bool signedIn)
    {
        var answer = await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);
        if (signedIn)
            Expect.Code(answer);
        else
            Expect.Error(answer, "login_required");
    }
}
