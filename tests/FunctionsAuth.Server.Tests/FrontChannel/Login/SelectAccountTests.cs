using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary><c>prompt=select_account</c>: OpenID Connect Core §3.1.2.1.</summary>
public sealed class SelectAccountTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task The_page_lists_the_accounts_of_this_browser_and_the_one_that_is_signed_in_comes_first()
    {
        var (browser, first, second) = await TwoAccountsAsync();
        var page = await OpenAsync(browser);
        Assert.Equal([second, first], NamesOn(page));
        Assert.Equal([first], page.Document.QuerySelectorAll("button[name=forget]").Select(button => button.GetAttribute("value")!));
        Assert.Contains("Signed in", page.Document.QuerySelector("button.account")!.TextContent);
    }

    [Fact]
    public async Task The_account_that_is_signed_in_goes_on_without_a_password()
    {
        var (browser, _, second) = await TwoAccountsAsync();
        var before = await AuthTimeAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before, await AuthTimeAsync(await ChooseAsync(browser, await OpenAsync(browser), second)));
    }

    [Fact]
    public async Task Another_account_signs_in_with_its_name_filled_in_and_nothing_ends_before()
    {
        var (browser, first, second) = await TwoAccountsAsync();
        var answer = await ChooseAsync(browser, await OpenAsync(browser), first);
        Expect.Asked(answer, "login");
        Assert.DoesNotContain(first, answer.Location, StringComparison.Ordinal);
        var login = await browser.FollowAsync(answer);
        Expect.Form(login, "login");
        Assert.Equal(first, login.ValueOf("username"));
        Assert.Equal(second, await SubjectAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url)));

        Assert.Equal(first, await SubjectAsync(await browser.LoginAsync(login, first)));
        Assert.Equal(first, await SubjectAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url)));
    }

    [Fact]
    public async Task An_account_that_is_not_in_the_list_signs_in_on_the_empty_page()
    {
        var (browser, _, _) = await TwoAccountsAsync();
        var page = await OpenAsync(browser, Request().With("login_hint", "somebody"));
        var login = await browser.GetAsync($"{RunningServer.Issuer}/{page.Document.GetElementById("another")!.GetAttribute("href")}");
        Expect.Form(login, "login");
        Assert.Equal("", login.ValueOf("username"));
        var third = await shared.NewUserAsync();
        Assert.Equal(third, await SubjectAsync(await browser.LoginAsync(login, third)));
    }

    [Theory]
    [InlineData("select_account login", null)]
    [InlineData("select_account", "0")]
    [InlineData("select_account", "60")]
    public async Task A_request_that_wants_a_password_gets_it_from_the_chosen_account_too(string prompt, string? maxAge)
    {
        var (browser, _, second) = await TwoAccountsAsync();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(61));
        var page = await OpenAsync(browser, Request(prompt).With("max_age", maxAge));
        var login = await browser.FollowAsync(await ChooseAsync(browser, page, second));
        Expect.Form(login, "login");
        Assert.Equal(second, login.ValueOf("username"));
        Expect.Code(await browser.LoginAsync(login, second));
    }

    [Fact]
    public async Task With_consent_it_asks_both()
    {
        var (browser, _, second) = await TwoAccountsAsync();
        var page = await browser.FollowAsync(await ChooseAsync(browser, await OpenAsync(browser, Request("consent select_account")), second));
        Expect.Form(page, "consent");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")));
    }

    [Fact]
    public async Task A_browser_that_knows_no_account_gets_the_login_page()
    {
        var browser = shared.NewBrowser();
        var login = await browser.FollowAsync(await browser.GetAsync(Request().Url));
        Expect.Form(login, "login");
        Expect.Code(await browser.LoginAsync(login));
    }

    [Fact]
    public async Task A_choice_for_one_request_is_none_for_another()
    {
        var (browser, _, second) = await TwoAccountsAsync();
        var (one, other) = (await OpenAsync(browser), await OpenAsync(browser));
        Expect.Code(await ChooseAsync(browser, one, second));
        Expect.Form(await browser.GetAsync($"select_account?request={other.HiddenFields()["request"]}"), "select_account");
    }

    [Fact]
    public async Task An_account_that_is_forgotten_is_not_offered_any_more()
    {
        var (browser, first, second) = await TwoAccountsAsync();
        var page = await browser.FollowAsync(await browser.SubmitAsync(await OpenAsync(browser), ("forget", first)));
        Assert.Equal([second], NamesOn(page));
        // Somebody who has an older page can't choose it either.
        Assert.Equal([second], NamesOn(await browser.FollowAsync(await ChooseAsync(browser, page, first))));
    }

    [Fact]
    public async Task Cancel_goes_back_to_the_client()
    {
        var (browser, _, _) = await TwoAccountsAsync();
        Expect.Error(await browser.SubmitAsync(await OpenAsync(browser), ("action", "cancel")), "access_denied");
    }

    [Fact]
    public async Task Only_the_browser_that_was_asked_can_answer()
    {
        var (browser, _, second) = await TwoAccountsAsync();
        var page = await OpenAsync(browser);
        Expect.Page(await browser.SubmitAsync(page, ("form_token", "x"), ("choose", second)), "expired");
        var fields = page.HiddenFields();
        fields["choose"] = second;
        Expect.Page(await browser.PostFromAnotherSiteAsync(shared.Server, "select_account", fields), "expired");
        Expect.Page(await (await shared.SignedInAsync(second)).PostAsync("select_account", fields), "expired");
    }

    private static AuthorizationParameters Request(string prompt = "select_account") => new AuthorizationParameters().With("prompt", prompt);

    private static IEnumerable<string> NamesOn(Answer page) => page.Document.QuerySelectorAll("button.account strong").Select(name => name.TextContent);

    /// <summary>A browser in which two people signed in, the second one last.</summary>
    private async Task<(Browser Browser, string First, string Second)> TwoAccountsAsync()
    {
        var (first, second) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        var browser = await shared.SignedInAsync(first);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(page, second));
        return (browser, first, second);
    }

    private static async Task<Answer> OpenAsync(Browser browser, AuthorizationParameters? request = null)
    {
        var answer = await browser.GetAsync((request ?? Request()).Url);
        Expect.Asked(answer, "select_account");
        var page = await browser.FollowAsync(answer);
        Expect.Form(page, "select_account");
        return page;
    }

    private static Task<Answer> ChooseAsync(Browser browser, Answer page, string username) => browser.SubmitAsync(page, ("choose", username));

    private async Task<JsonAnswer> RedeemAsync(Answer answer) => (await new ClientApp(shared.Server).RedeemAsync(Expect.Code(answer))).ShouldBeOk();

    private async Task<long> AuthTimeAsync(Answer answer) => JsonAnswer.Claims((await RedeemAsync(answer)).IdToken).GetProperty("auth_time").GetInt64();

    /// <summary>The name of who signed in: the test users have subjects that follow from it.</summary>
    private async Task<string> SubjectAsync(Answer answer) =>
        JsonAnswer.Claims((await RedeemAsync(answer)).IdToken).GetProperty("sub").GetString()!.Replace("-subject", "", StringComparison.Ordinal);
}
