using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A request that waits for its user is bound to the browser, to its form and to one answer.</summary>
public sealed class ParkedRequestTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Gone = "expired";

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/../../etc/passwd")]
    [InlineData("é")]
    public async Task An_id_that_names_no_request_gets_a_page(string id)
    {
        var (browser, page) = await OpenAsync();
        foreach (var path in (string[])["login", "consent"])
        {
            Expect.Page(await browser.GetAsync($"{path}?request={Uri.EscapeDataString(id)}"), Gone);
            Expect.Page(await browser.PostAsync(path, With(page.HiddenFields(), "request", id)), Gone);
        }
        Expect.Page(await browser.GetAsync("login"), Gone);
        Expect.Page(await browser.GetAsync("consent"), Gone);
    }

    [Fact]
    public async Task An_id_that_stands_there_twice_gets_a_page()
    {
        var (browser, page) = await OpenAsync();
        var id = page.HiddenFields()["request"];
        Expect.Page(await browser.GetAsync($"login?request={id}&request={id}"), Gone);
    }

    [Fact]
    public async Task A_form_without_its_token_gets_a_page()
    {
        var (browser, page) = await OpenAsync();
        var fields = Filled(page);
        fields.Remove("form_token");
        Expect.Page(await browser.PostAsync("login", fields), Gone);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("é")]
    public async Task A_form_with_a_wrong_token_gets_a_page(string token)
    {
        var (browser, page) = await OpenAsync();
        Expect.Page(await browser.PostAsync("login", With(Filled(page), "form_token", token)), Gone);
        Expect.Page(await browser.PostAsync("login", With(With(Filled(page), "form_token", token), "action", "cancel")), Gone);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task A_form_with_the_token_of_another_request_gets_a_page()
    {
        var (browser, page) = await OpenAsync();
        var other = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Page(await browser.PostAsync("login", With(Filled(page), "form_token", other.HiddenFields()["form_token"])), Gone);
    }

    [Fact]
    public async Task A_form_with_the_token_of_another_browser_gets_a_page()
    {
        var (browser, page) = await OpenAsync();
        var (_, others) = await OpenAsync();
        Expect.Page(await browser.PostAsync("login", With(Filled(page), "form_token", others.HiddenFields()["form_token"])), Gone);
    }

    [Fact]
    public async Task A_page_of_another_browser_can_neither_be_opened_nor_answered()
    {
        var (_, page) = await OpenAsync();
        var (attacker, _) = await OpenAsync();
        Expect.Page(await attacker.GetAsync($"login?request={page.HiddenFields()["request"]}"), Gone);
        Expect.Page(await attacker.PostAsync("login", Filled(page)), Gone);
        Expect.Page(await shared.NewBrowser().PostAsync("login", Filled(page)), Gone);
        Expect.Page(await (await shared.AliceAsync()).GetAsync($"login?request={page.HiddenFields()["request"]}"), Gone);
    }

    [Fact]
    public async Task A_login_that_another_site_posts_signs_nobody_in()
    {
        var (attacker, page) = await OpenAsync();
        var victim = shared.NewBrowser();
        Expect.Page(await victim.PostFromAnotherSiteAsync(shared.Server, "login", Filled(page)), Gone);
        Assert.Null(victim.Cookie(BrowserCookieJar.Session));
        Expect.Code(await attacker.LoginAsync(page));
    }

    [Fact]
    public async Task A_request_that_was_completed_is_over()
    {
        var (browser, page) = await OpenAsync();
        Expect.Code(await browser.LoginAsync(page));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        Expect.Page(await browser.LoginAsync(page), Gone);
        Expect.Page(await browser.GetAsync($"login?request={page.HiddenFields()["request"]}"), Gone);
        Expect.Page(await browser.GetAsync($"consent?request={page.HiddenFields()["request"]}"), Gone);
    }

    [Fact]
    public async Task A_request_waits_as_long_as_the_settings_say()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Lifetimes:Interaction"] = "00:20:00" } });
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        server.Clock.Advance(TimeSpan.FromMinutes(20) - TimeSpan.FromSeconds(1));
        Expect.Form(await browser.GetAsync($"login?request={page.HiddenFields()["request"]}"), "login");

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Page(await browser.GetAsync($"login?request={page.HiddenFields()["request"]}"), Gone);
        Expect.Page(await browser.LoginAsync(page), Gone);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_in_a_row_gives_a_code_both_times()
    {
        var (browser, page) = await OpenAsync();
        var first = Expect.Code(await browser.LoginAsync(page));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        var second = Expect.Code(await browser.LoginAsync(page));
        Assert.NotEqual(first, second);
        // The one that the browser shows, and the one that it dropped.
        var app = new ClientApp(shared.Server);
        (await app.RedeemAsync(second)).ShouldBeOk();
        (await app.RedeemAsync(first)).ShouldBeOk();
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url));

        shared.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Expect.Page(await browser.LoginAsync(page), Gone);
    }

    [Fact]
    public async Task Two_tabs_can_sign_in_one_after_the_other()
    {
        var (browser, first) = await OpenAsync();
        var second = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await browser.LoginAsync(first));
        Expect.Code(await browser.GetAsync($"login?request={second.HiddenFields()["request"]}"));
    }

    private async Task<(Browser Browser, Answer Page)> OpenAsync()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Form(page, "login");
        return (browser, page);
    }

    private static Dictionary<string, string> Filled(Answer page) =>
        With(With(With(page.HiddenFields(), "username", "alice"), "password", RunningServer.Password), "action", "login");

    private static Dictionary<string, string> With(Dictionary<string, string> fields, string name, string value) => new(fields) { [name] = value };
}
