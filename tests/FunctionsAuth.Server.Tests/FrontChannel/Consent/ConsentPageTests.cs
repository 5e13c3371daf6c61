using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ConsentPageTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Third = "https://third.example/callback";

    [Fact]
    public async Task It_says_who_asks_for_what_of_whom_and_where_the_answer_goes()
    {
        var username = await shared.NewUserAsync();
        var page = await OpenAsync(await shared.SignedInAsync(username), "openid profile api.read");

        Assert.Equal(username, page.Document.QuerySelector(".who strong")!.TextContent);
        Assert.Contains("Third party app", page.Document.QuerySelector(".lead")!.TextContent);
        Assert.Equal(["Your profile", "Read your data"], ScopesOf(page, "new"));
        Assert.Contains("third.example", page.Document.GetElementById("returns")!.TextContent);
        Assert.DoesNotContain("while you are away", page.Text());
    }

    [Fact]
    public async Task Who_is_somebody_else_switches_the_account_for_the_same_request_and_nothing_ends_before()
    {
        var (first, second) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        var browser = await shared.SignedInAsync(first);
        var page = await OpenAsync(browser, "openid");
        var login = await browser.GetAsync($"{RunningServer.Issuer}/{page.Document.GetElementById("switch")!.GetAttribute("href")}");
        Expect.Form(login, "login");
        Assert.Equal("", login.ValueOf("username"));
        // Whoever changes their mind, or does not know the password, is as before.
        Expect.Form(await browser.GetAsync($"consent?request={page.HiddenFields()["request"]}"), "consent");
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(login, second, "wrong")).Status);
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url));

        var former = browser.Cookie(BrowserCookieJar.Session)!;
        page = await browser.FollowAsync(await browser.LoginAsync(login, second));
        Assert.Equal(second, page.Document.QuerySelector(".who strong")!.TextContent);
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
        browser.SetCookie(BrowserCookieJar.Session, former);
        Expect.Error(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url), "login_required");
    }

    [Fact]
    public async Task A_client_that_expects_this_account_is_not_offered_another()
    {
        var username = await shared.NewUserAsync();
        var request = new AuthorizationParameters("third-party", Third).With("claims", """{"id_token":{"sub":{"value":"NAME-subject"}}}""".Replace("NAME", username, StringComparison.Ordinal));
        var browser = await shared.SignedInAsync(username);
        var page = await browser.FollowAsync(await browser.GetAsync(request.Url));
        Expect.Form(page, "consent");
        Assert.Null(page.Document.GetElementById("switch"));
    }

    [Fact]
    public async Task It_names_the_operator_as_the_login_page_does()
    {
        Assert.Contains("at login.example", (await OpenAsync(await NewUserAsync(), "openid")).Text());

        await using var named = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["OperatorName"] = "Contoso <Ltd>" } });
        var browser = new Browser(named);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("third-party", Third).Url));
        Assert.Contains("your account at Contoso <Ltd>", login.Text());
        var page = await browser.FollowAsync(await browser.LoginAsync(login));
        Expect.Form(page, "consent");
        Assert.Contains("your account at Contoso <Ltd>", page.Text());
    }

    [Fact]
    public async Task For_openid_alone_it_says_that_only_the_identity_is_asked_for()
    {
        var page = await OpenAsync(await NewUserAsync(), "openid");
        Assert.Contains("only to know who you are", page.Text());
        Assert.Empty(ScopesOf(page, "new"));
    }

    [Fact]
    public async Task It_tells_what_is_new_from_what_was_allowed_before()
    {
        var browser = await NewUserAsync();
        Expect.Code(await browser.SubmitAsync(await OpenAsync(browser, "openid profile"), ("action", "allow")), Third);

        var page = await OpenAsync(browser, "openid profile email");
        Assert.Equal(["Your email address"], ScopesOf(page, "new"));
        Assert.Equal(["Your profile"], ScopesOf(page, "known"));
    }

    [Fact]
    public async Task It_calls_out_access_while_the_user_is_away()
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser, "openid offline_access");
        Assert.Contains("keeps access while you are away", page.Document.QuerySelector(".notice")!.TextContent);
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);

        Expect.Code(await browser.GetAsync(new AuthorizationParameters("third-party", Third, "openid offline_access").Url), Third);
    }

    [Fact]
    public async Task For_a_private_scheme_it_names_the_scheme()
    {
        var browser = await NewUserAsync();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("native", "com.example.app:/callback").Url));
        Assert.Contains("com.example.app", page.Document.GetElementById("returns")!.TextContent);
    }

    [Fact]
    public async Task Names_that_a_client_registered_are_text()
    {
        await shared.Server.RegisterAsync(new Client
        {
            ClientId = "nasty",
            ClientName = "<script>alert(1)</script>",
            RedirectUris = ["https://nasty.example/callback"],
            PolicyUri = new Uri("javascript:alert(1)"),
        });
        var browser = await NewUserAsync();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("nasty").Url));
        Expect.Form(page, "consent");
        Assert.Empty(page.Document.Scripts);
        Assert.Contains("<script>alert(1)</script>", page.Text());
        Assert.DoesNotContain(page.Document.QuerySelectorAll("a"), link => link.GetAttribute("href")!.StartsWith("javascript:", StringComparison.Ordinal));
    }

    private async Task<Browser> NewUserAsync() => await shared.SignedInAsync(await shared.NewUserAsync());

    private static async Task<Answer> OpenAsync(Browser browser, string scope)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("third-party", Third, scope).Url));
        Expect.Form(page, "consent");
        return page;
    }

    private static IEnumerable<string> ScopesOf(Answer page, string list) =>
        page.Document.QuerySelectorAll($".scopes.{list} .scope-name").Select(name => name.TextContent);
}
