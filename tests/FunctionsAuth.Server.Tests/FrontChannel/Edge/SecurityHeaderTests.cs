using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class SecurityHeaderTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task Every_page_is_closed_to_scripts_frames_and_caches()
    {
        var browser = shared.NewBrowser();
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("third-party", "https://third.example/callback").Url));
        var wrong = await browser.LoginAsync(login, "nobody", "wrong");
        var consent = await browser.FollowAsync(await browser.LoginAsync(login, await shared.NewUserAsync()));
        var logout = await browser.GetAsync("logout");
        Answer[] pages =
        [
            login, wrong, consent, logout,
            await browser.SubmitAsync(logout, ("action", "stay")),
            await browser.SubmitAsync(logout, ("action", "logout")),
            await browser.GetAsync("authorize"),
            await browser.GetAsync("login"),
            await browser.GetAsync("consent"),
            await browser.GetAsync("logout?post_logout_redirect_uri=https://nobody.example/"),
            await Answer.ReadAsync(await shared.Server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "authorize"))),
        ];
        Assert.All(pages, page => Assert.Equal("text/html; charset=utf-8", page.Response.Content.Headers.ContentType?.ToString()));
        Assert.All(pages, AssertClosed);
        Assert.All(pages, page => Assert.Empty(page.Document.QuerySelectorAll("script:not([src^='assets/']), style, [style]")));
        Answer[] withScript = [login, wrong];
        Assert.All(pages.Except(withScript), page => Assert.Empty(page.Document.Scripts));
        Assert.All(pages, page => Assert.Equal(withScript.Contains(page), PolicyOf(page).EndsWith("; script-src 'self'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task So_is_the_page_of_form_post_but_for_its_script()
    {
        var request = new AuthorizationParameters().With("response_mode", "form_post").With("prompt", "none");
        AssertClosed(await shared.NewBrowser().GetAsync(request.Url));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("userinfo")]
    [InlineData("introspect")]
    [InlineData("revoke")]
    [InlineData("health")]
    public async Task What_programs_read_has_the_same_headers(string path)
    {
        var answer = await Answer.ReadAsync(await shared.Server.Http.PostAsync(path, new FormUrlEncodedContent([])));
        AssertClosed(answer);
        Assert.Equal("no-cache", answer.Response.Headers.Pragma.ToString());
    }

    [Fact]
    public async Task So_has_every_redirect()
    {
        AssertClosed(await shared.NewBrowser().GetAsync(new AuthorizationParameters().Url));
        AssertClosed(await shared.NewBrowser().GetAsync(new AuthorizationParameters().With("prompt", "none").Url));
    }

    [Fact]
    public async Task On_http_which_is_localhost_no_https_is_demanded()
    {
        await using var local = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = "http://localhost:7071" } });
        Assert.False((await local.Http.GetAsync("logout")).Headers.Contains("Strict-Transport-Security"));
    }

    private static string PolicyOf(Answer answer) => Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy"));

    private static void AssertClosed(Answer answer)
    {
        var policy = PolicyOf(answer);
        Assert.StartsWith("default-src 'none';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("*", policy);
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.StartsWith("max-age=31536000", Header("Strict-Transport-Security"));
        Expect.NotStored(answer);

        string Header(string name) => Assert.Single(answer.Response.Headers.GetValues(name));
    }
}
