using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Only who was asked can answer.</summary>
public sealed class ConsentFormTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Third = "https://third.example/callback";

    [Fact]
    public async Task A_user_who_signed_in_meanwhile_can_not_answer_for_another()
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser);
        await SignInAsync(browser, await shared.NewUserAsync());

        Expect.Page(await browser.SubmitAsync(page, ("action", "allow")), "expired");
        Expect.Page(await browser.SubmitAsync(page, ("action", "deny")), "expired");
    }

    [Fact]
    public async Task But_is_asked_by_name()
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser);
        var other = await shared.NewUserAsync();
        await SignInAsync(browser, other);

        page = await browser.GetAsync($"consent?request={page.HiddenFields()["request"]}");
        Expect.Form(page, "consent");
        Assert.Equal(other, page.Document.QuerySelector(".who strong")!.TextContent);
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
    }

    [Fact]
    public async Task The_same_user_in_a_new_session_is_asked_again()
    {
        var username = await shared.NewUserAsync();
        var browser = await shared.SignedInAsync(username);
        var page = await OpenAsync(browser);
        await SignInAsync(browser, username);
        Expect.Page(await browser.SubmitAsync(page, ("action", "allow")), "expired");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_form_token_allows_nothing(string? token)
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser);
        var fields = page.HiddenFields();
        fields.Remove("form_token");
        if (token is not null)
            fields["form_token"] = token;
        fields["action"] = "allow";
        Expect.Page(await browser.PostAsync("consent", fields), "expired");
        Expect.Asked(await browser.GetAsync(Request().Url), "consent");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
    }

    [Fact]
    public async Task The_token_of_another_request_or_page_allows_nothing()
    {
        var browser = shared.NewBrowser();
        var login = await browser.FollowAsync(await browser.GetAsync(Request().Url));
        var page = await browser.FollowAsync(await browser.LoginAsync(login, await shared.NewUserAsync()));
        Expect.Form(page, "consent");
        var other = await OpenAsync(browser);

        Expect.Page(await browser.SubmitAsync(page, ("form_token", login.HiddenFields()["form_token"]), ("action", "allow")), "expired");
        Expect.Page(await browser.SubmitAsync(page, ("form_token", other.HiddenFields()["form_token"]), ("action", "allow")), "expired");
    }

    [Fact]
    public async Task Another_site_or_browser_can_not_answer()
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser);
        var fields = page.HiddenFields();
        fields["action"] = "allow";
        Expect.Page(await browser.PostFromAnotherSiteAsync(shared.Server, "consent", fields), "expired");
        Expect.Page(await (await NewUserAsync()).PostAsync("consent", fields), "expired");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
    }

    [Fact]
    public async Task Who_has_signed_out_meanwhile_signs_in_again_first()
    {
        var browser = await NewUserAsync();
        var page = await OpenAsync(browser);
        browser.DropCookie(BrowserCookieJar.Session);
        var answer = await browser.SubmitAsync(page, ("action", "allow"));
        Expect.Asked(answer, "login");
        Expect.Form(await browser.FollowAsync(answer), "login");
    }

    [Fact]
    public async Task A_login_that_is_asked_for_can_not_be_skipped()
    {
        var browser = await NewUserAsync();
        var waiting = await browser.GetAsync(Request().With("prompt", "login consent").Url);
        Expect.Asked(waiting, "login");
        var answer = await browser.GetAsync(waiting.Location!.Replace("/login?", "/consent?", StringComparison.Ordinal));
        Expect.Asked(answer, "login");
    }

    private async Task<Browser> NewUserAsync() => await shared.SignedInAsync(await shared.NewUserAsync());

    private static AuthorizationParameters Request() => new("third-party", Third);

    private static async Task<Answer> OpenAsync(Browser browser)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(Request().Url));
        Expect.Form(page, "consent");
        return page;
    }

    private static async Task SignInAsync(Browser browser, string username)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(page, username));
    }
}
