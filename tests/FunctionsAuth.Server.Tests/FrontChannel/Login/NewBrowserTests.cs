using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A browser that has no cookies yet, or has them under another host name, and people who come back to a request that is over.</summary>
public sealed class NewBrowserTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task Two_sign_ins_that_begin_at_once_are_both_good()
    {
        var browser = shared.NewBrowser();
        // Two tabs: neither request has a cookie, as no answer has come yet.
        var first = await OpenInNewTabAsync(browser);
        var second = await OpenInNewTabAsync(browser);
        var pages = new List<Answer> { await browser.GetAsync(first.Location!), await browser.GetAsync(second.Location!) };
        Assert.All(pages, page => Expect.Form(page, "login"));
        Expect.Code(await browser.LoginAsync(pages[0]));
        Expect.Code(await browser.LoginAsync(pages[1]));
    }

    [Fact]
    public async Task The_second_tab_does_not_open_the_request_of_another_browser()
    {
        var browser = shared.NewBrowser();
        var first = await OpenInNewTabAsync(browser);
        Expect.Page(await shared.NewBrowser().GetAsync(first.Location!), "another browser");
        Expect.Form(await browser.GetAsync(first.Location!), "login");
    }

    [Theory]
    [InlineData("Host", "functions.azurewebsites.example")]
    [InlineData("Host", "login.example:8443")]
    public async Task Whoever_comes_by_another_host_name_signs_in_at_the_public_one(string name, string value)
    {
        var answer = await ExactRequest.GetAsync(shared.Server, "/authorize", new AuthorizationParameters().Encoded, (name, value));
        Assert.StartsWith($"{RunningServer.Issuer}/login?request=", answer.Location);
        Assert.False(answer.Response.Headers.Contains("Set-Cookie"));

        var browser = shared.NewBrowser();
        var page = await browser.GetAsync(answer.Location!);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task A_session_at_the_public_host_is_found_although_the_person_came_by_another_name()
    {
        var alice = await shared.AliceAsync();
        var answer = await ExactRequest.GetAsync(shared.Server, "/authorize", new AuthorizationParameters().Encoded, ("Host", "functions.azurewebsites.example"));
        Expect.Code(await alice.GetAsync(answer.Location!));
    }

    [Fact]
    public async Task Behind_a_proxy_that_says_another_host_a_signed_in_browser_is_answered_at_once()
    {
        var alice = await shared.AliceAsync();
        var answer = await ExactRequest.GetAsync(
            shared.Server, "/authorize", new AuthorizationParameters().Encoded, ("Host", "origin.example"), ("Cookie", alice.CookieHeader()));
        Expect.Code(answer);
    }

    [Fact]
    public async Task A_logout_by_another_host_name_ends_the_session_at_the_public_one()
    {
        var browser = shared.NewBrowser();
        var tokens = await new ClientApp(shared.Server).LoginAsync("openid", browser);
        var answer = await ExactRequest.GetAsync(shared.Server, "/logout", $"id_token_hint={tokens.IdToken}", ("Host", "functions.azurewebsites.example"));
        Assert.StartsWith($"{RunningServer.Issuer}/logout?", answer.Location);
        Assert.Contains("You are signed out", (await browser.GetAsync(answer.Location!)).Body, StringComparison.Ordinal);
        Expect.Error(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url), "login_required");
        // Where the host is never the public one, because a proxy changes it, that ends, too.
        var query = new Uri(answer.Location!).Query[1..];
        Assert.Contains("You are signed out", (await ExactRequest.GetAsync(shared.Server, "/logout", query, ("Host", "origin.example"))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_back_to_a_request_that_is_over_is_shown_the_way_to_the_app()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await browser.LoginAsync(page));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        var id = page.HiddenFields()["request"];

        foreach (var over in (Answer[])[await browser.GetAsync($"login?request={id}"), await browser.GetAsync($"consent?request={id}"), await browser.LoginAsync(page)])
            Assert.Equal("https://web.example/", over.Document.QuerySelector("a.button")!.GetAttribute("href"));
        // Nobody else is told which app it was.
        Assert.Null((await shared.NewBrowser().GetAsync($"login?request={id}")).Document.QuerySelector("a.button"));
    }

    [Fact]
    public async Task Cookies_of_servers_on_other_ports_of_this_machine_are_not_ours()
    {
        await using var one = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = "http://localhost:7071" } });
        await using var two = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = "http://localhost:7072" } });
        var names = new List<string>();
        foreach (var server in (RunningServer[])[one, two])
        {
            var opened = await server.Http.GetAsync("http://localhost:" + (server == one ? "7071" : "7072") + "/authorize?" + new AuthorizationParameters().Encoded);
            names.AddRange(opened.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split('=')[0]));
        }
        Assert.Equal(4, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("functionsauth-", name, StringComparison.Ordinal));
    }

    /// <summary>The answer to a request that was sent before the browser had any cookie; the browser takes the cookies of the answer.</summary>
    private async Task<Answer> OpenInNewTabAsync(Browser browser)
    {
        var response = await shared.Server.Http.GetAsync(new AuthorizationParameters().Url);
        foreach (var cookie in response.Headers.GetValues("Set-Cookie"))
            browser.Cookies.SetCookies(new Uri(RunningServer.Issuer), cookie);
        return await Answer.ReadAsync(response);
    }
}
