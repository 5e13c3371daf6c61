using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>OpenID Connect Front-Channel Logout: the page with the clients' frames, and what it may load.</summary>
public sealed class FrontchannelLogoutTests : IAsyncLifetime
{
    private const string Iss = "iss=https%3A%2F%2Flogin.example";

    private LogoutScene scene = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        scene = await LogoutScene.StartAsync();
        browser = new Browser(scene.Server);
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task The_page_loads_each_client_before_it_goes_on()
    {
        var login = await LoginAsync("one", "https://one.example/logout");
        await LoginAsync("two", "https://two.example:8443/out?a=b&c=d%20e");
        await LoginAsync("three", "https://one.example/logout/three");
        var page = await browser.LogoutAsync(login, $"&post_logout_redirect_uri={LogoutScene.GoodbyeOf("one")}&state=a%26b");

        Assert.Null(page.Location);
        Assert.Equal(
            [
                $"https://one.example/logout/three?{Iss}&sid={login.Sid()}",
                $"https://one.example/logout?{Iss}&sid={login.Sid()}",
                $"https://two.example:8443/out?a=b&c=d%20e&{Iss}&sid={login.Sid()}",
            ],
            Frames(page).Order(StringComparer.Ordinal));
        Assert.Equal($"{LogoutScene.GoodbyeOf("one")}?state=a%26b", page.Document.QuerySelector("a#continue")!.GetAttribute("href"));
        var script = Assert.Single(page.Document.Scripts);
        Assert.StartsWith("assets/logged-out.js?v=", script.Source, StringComparison.Ordinal);
        Assert.Equal("", script.TextContent);
        Assert.False(await browser.IsSignedInAsync());

        var policy = Policy(page);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        var sources = policy.Single(directive => directive.StartsWith("frame-src ", StringComparison.Ordinal)).Split(' ')[1..];
        Assert.Equal(["https://one.example", "https://two.example:8443"], sources.Order());
        Assert.Equal("no-store", page.Response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Without_an_address_to_go_to_the_page_stays_and_needs_no_script()
    {
        var page = await browser.LogoutAsync(await LoginAsync("one", "https://one.example/logout"));
        page.ShouldBeSignedOut();
        Assert.Single(Frames(page));
        Assert.Empty(page.Document.Scripts);
        Assert.Null(page.Document.QuerySelector("a#continue"));
    }

    [Fact]
    public async Task The_form_leads_there_too()
    {
        await LoginAsync("one", "https://one.example/logout");
        var question = await browser.GetAsync($"logout?client_id=one&post_logout_redirect_uri={LogoutScene.GoodbyeOf("one")}");
        Assert.Empty(Frames(question));
        var page = await browser.SubmitAsync(question, ("action", "logout"));
        Assert.Single(Frames(page));
        Assert.Equal(LogoutScene.GoodbyeOf("one"), page.Document.QuerySelector("a#continue")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Who_has_no_session_any_more_loads_nothing_and_goes_on_at_once()
    {
        var login = await LoginAsync("one", "https://one.example/logout");
        await browser.LogoutAsync(login);
        Assert.Equal(LogoutScene.GoodbyeOf("one"), (await browser.LogoutAsync(login, $"&post_logout_redirect_uri={LogoutScene.GoodbyeOf("one")}")).Location);
    }

    [Fact]
    public async Task Each_session_in_which_the_client_took_part_has_a_frame()
    {
        var first = await LoginAsync("one", "https://one.example/logout");
        await browser.SignInAgainAsync();
        var last = (await new ClientApp(scene.Server, "one").LoginAsync("openid", browser)).ShouldBeOk();
        var page = await browser.LogoutAsync(last);
        Assert.Equal(
            new[] { first, last }.Select(login => $"https://one.example/logout?{Iss}&sid={login.Sid()}").Order(),
            Frames(page).Order());
    }

    [Fact]
    public async Task A_client_may_hear_of_it_on_both_ways()
    {
        var app = await scene.AddAsync("both", client => client with { FrontchannelLogoutUri = new Uri("https://both.example/logout") });
        var page = await browser.LogoutAsync((await app.LoginAsync("openid", browser)).ShouldBeOk());
        Assert.Single(Frames(page));
        Assert.Single(scene.Received);
    }

    [Theory]
    [InlineData("https://\u00fc.example/logout", "https://xn--tda.example")]
    [InlineData("http://127.0.0.1:5000/logout", "http://127.0.0.1:5000")]
    [InlineData("https://ONE.example:443/logout", "https://one.example")]
    public async Task The_policy_names_origins_as_browsers_do(string address, string origin)
    {
        var page = await browser.LogoutAsync(await LoginAsync("one", address));
        Assert.Contains($"frame-src {origin}", Policy(page));
    }

    /// <summary>Text of a client must not be able to add a source, or a directive, to the policy.</summary>
    [Theory]
    [InlineData("https://a;b.example/")]
    [InlineData("https://a b.example/")]
    [InlineData("https://a,b.example/")]
    [InlineData("https://a'b.example/")]
    public void No_address_has_a_host_with_a_sign_that_means_something_in_a_policy(string address) =>
        Assert.False(Uri.TryCreate(address, UriKind.Absolute, out _));

    private async Task<JsonAnswer> LoginAsync(string clientId, string address)
    {
        var app = await scene.AddAsync(clientId, client => client with { BackchannelLogoutUri = null, FrontchannelLogoutUri = new Uri(address) });
        return (await app.LoginAsync("openid", browser)).ShouldBeOk();
    }

    private static IEnumerable<string> Frames(Answer page) => page.Document.QuerySelectorAll("iframe").Select(frame => frame.GetAttribute("src")!);

    private static string[] Policy(Answer page) => Assert.Single(page.Response.Headers.GetValues("Content-Security-Policy")).Split("; ");
}
