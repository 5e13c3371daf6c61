using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A form of another site comes without our cookies; its answer must neither miss the session nor harm it.</summary>
public sealed class LogoutByFormTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Goodbye = "https://web.example/goodbye";

    [Fact]
    public async Task A_client_may_post_its_request()
    {
        var browser = shared.NewBrowser();
        var hint = (await new ClientApp(shared.Server).LoginAsync("openid", browser)).IdToken;
        var answer = await browser.PostFromAnotherSiteAsync(
            shared.Server, "logout", [new("id_token_hint", hint), new("post_logout_redirect_uri", Goodbye), new("state", "x y")]);
        Assert.StartsWith(RunningServer.Issuer + "/logout?", answer.Location);
        Assert.False(answer.Response.Headers.Contains("Set-Cookie"));

        answer = await browser.FollowAsync(answer);
        Assert.Equal($"{Goodbye}?state=x%20y", answer.Location);
        await AssertSignedInAsync(browser, false);
    }

    [Fact]
    public async Task A_form_without_hint_asks()
    {
        var browser = await shared.SignedInAsync("alice");
        Expect.Form(await browser.FollowAsync(await browser.PostFromAnotherSiteAsync(shared.Server, "logout", [new("client_id", "web")])), "logout");
        await AssertSignedInAsync(browser, true);
    }

    [Theory]
    [InlineData("action", "logout")]
    [InlineData("form_token", "x")]
    [InlineData("form_token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Another_site_can_not_sign_the_user_out(string name, string value)
    {
        var browser = await shared.SignedInAsync("alice");
        await browser.FollowAsync(await browser.PostFromAnotherSiteAsync(shared.Server, "logout", [new("action", "logout"), new(name, value), new("client_id", "web")]));
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task Not_even_with_a_form_that_is_too_long_for_a_link()
    {
        var browser = await shared.SignedInAsync("alice");
        await browser.FollowAsync(await browser.PostFromAnotherSiteAsync(shared.Server, "logout", [new("client_id", "web"), new("state", new string('s', 10_000))]));
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task A_form_that_is_too_long_for_a_link_is_sent_once_more_from_here_with_the_cookies()
    {
        var browser = shared.NewBrowser();
        var hint = (await new ClientApp(shared.Server).LoginAsync("openid", browser)).IdToken;
        var state = new string('s', 10_000);
        var page = await browser.PostFromAnotherSiteAsync(
            shared.Server, "logout", [new("id_token_hint", hint), new("post_logout_redirect_uri", Goodbye), new("state", state)]);
        Assert.Null(page.Location);
        Assert.Equal($"{RunningServer.Issuer}/logout", page.Document.QuerySelector("form")!.GetAttribute("action"));
        await AssertSignedInAsync(browser, true);

        var fields = page.HiddenFields();
        Assert.Equal($"{Goodbye}?state={state}", (await browser.PostAsync($"{RunningServer.Issuer}/logout", fields)).Location);
        await AssertSignedInAsync(browser, false);
        // Whoever is not signed in is not sent round in a circle.
        Assert.Equal($"{Goodbye}?state={state}", (await shared.NewBrowser().PostAsync($"{RunningServer.Issuer}/logout", fields)).Location);
    }

    [Theory]
    [InlineData("client_id=web&state=\u00c3\u00a9")]
    [InlineData("client_id=web&state=a\r\nSet-Cookie: a=b")]
    [InlineData("client_id=web&state=a b\tc")]
    public async Task A_form_that_is_badly_encoded_does_not_spoil_the_redirect(string body)
    {
        var answer = await ExactRequest.PostAsync(shared.Server, "/logout", body);
        Assert.InRange((int)answer.Status, 300, 499);
        Assert.All(answer.Location ?? "", c => Assert.InRange(c, '!', '~')); // a server refuses to send any other in a header
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_form_with_a_wrong_token_gets_a_page(string token)
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.GetAsync("logout");
        Expect.Page(await browser.SubmitAsync(page, ("form_token", token), ("action", "logout")), "form");
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task A_form_of_the_session_before_gets_a_page()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.GetAsync("logout");
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(login, "bob"));

        Expect.Page(await browser.SubmitAsync(page, ("action", "logout")), "form");
        await AssertSignedInAsync(browser, true);
    }

    [Fact]
    public async Task A_form_that_names_another_address_gets_a_page()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.GetAsync("logout?client_id=web");
        Expect.Page(await browser.SubmitAsync(page, ("post_logout_redirect_uri", "https://evil.example/"), ("action", "logout")), "post_logout_redirect_uri");
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
