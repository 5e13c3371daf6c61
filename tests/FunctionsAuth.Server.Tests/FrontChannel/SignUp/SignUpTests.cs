using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Accounts that people make for themselves: OpenID Connect Prompt Create 1.0, where the operator allows it.</summary>
public sealed class SignUpTests(SignUpServer shared) : IClassFixture<SignUpServer>
{
    private const string Password = "a-long-enough-phrase";

    [Fact]
    public async Task A_person_makes_an_account_and_is_signed_in_with_it()
    {
        var browser = new Browser(shared.Server);
        var name = NewName();
        var answer = await CreateAsync(browser, await OpenAsync(browser), name, Password, "Carol Example");
        var tokens = (await shared.App().RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        var user = (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal((name, "Carol Example"), (user["preferred_username"], user["name"]));
        // And signs in with it from then on.
        var later = new Browser(shared.Server);
        var page = await later.FollowAsync(await later.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await later.LoginAsync(page, name.ToUpperInvariant(), Password));
    }

    [Fact]
    public async Task The_page_comes_also_to_who_is_signed_in()
    {
        await shared.CodeAsync();
        Assert.True((await OpenAsync(shared.Alice)).HasForm("signup"));
    }

    [Fact]
    public async Task The_login_page_leads_there_and_back()
    {
        var browser = new Browser(shared.Server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var signUp = await browser.GetAsync(Link(login, "signup"));
        Assert.True(signUp.HasForm("signup"));
        var back = await browser.GetAsync(Link(signUp, "login"));
        Expect.Code(await browser.LoginAsync(back));
    }

    [Fact]
    public async Task Who_was_sent_there_may_sign_in_instead()
    {
        var browser = new Browser(shared.Server);
        var login = await browser.GetAsync(Link(await OpenAsync(browser), "login"));
        Expect.Code(await browser.LoginAsync(login));
    }

    [Theory]
    [InlineData("alice", Password, null, "taken")]
    [InlineData("ALICE", Password, null, "taken")]
    [InlineData("alice@example.com", Password, null, "email address")]
    [InlineData("", Password, null, "username")]
    [InlineData("  ", Password, null, "username")]
    [InlineData("new\u0007", Password, null, "username")]
    [InlineData("newbie", "short", null, "12 to 1000")]
    [InlineData("newbie", "", null, "12 to 1000")]
    [InlineData("newbie", "aaaaaaaaaaaa", null, "harder to guess")]
    [InlineData("newbie", "abcabcabcabc", null, "harder to guess")]
    [InlineData("newbie", "Password1234!", null, "harder to guess")]
    [InlineData("newbie", "P@ssw0rd2026", null, "harder to guess")]
    [InlineData("newbie", "qwertyuiop12", null, "harder to guess")]
    [InlineData("newbie", "123456789012", null, "harder to guess")]
    [InlineData("newbie", "CorrectHorseBatteryStaple", null, "harder to guess")]
    [InlineData("bob@example.com", Password, null, "email address")]
    [InlineData("bob＠example.com", Password, null, "email address")]
    [InlineData("al\u200bice", Password, null, "no invisible characters")]
    [InlineData("al\u202eice", Password, null, "no invisible characters")]
    [InlineData("alice\u3164", Password, null, "no invisible characters")]
    [InlineData("new\u0378bie", Password, null, "not in Unicode")]
    [InlineData("newbie", Password, "Eve\u202eecilA", "name")]
    [InlineData("newbie", "Newbie-Newbie-1", null, "username in it")]
    [InlineData("newbie", Password, "a\u0007", "name")]
    public async Task What_can_not_be_is_said_and_nothing_is_made(string username, string password, string? name, string problem)
    {
        var browser = new Browser(shared.Server);
        var answer = await CreateAsync(browser, await OpenAsync(browser), username, password, name);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(problem, answer.Document.QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        if (password.Length > 0)
            Assert.DoesNotContain(password, answer.Body, StringComparison.Ordinal);
        // The page is good for another try.
        Expect.Code(await CreateAsync(browser, answer, NewName(), Password));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_16_who_want_a_name_at_once_one_gets_it(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup(("SelfRegistration", "true")));
        var name = NewName();
        var pages = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            var browser = new Browser(server);
            return (browser, page: await OpenAsync(browser));
        }));
        var answers = await Task.WhenAll(pages.Select(open => CreateAsync(open.browser, open.page, name, Password)));
        Assert.Single(answers, answer => answer.Location is not null);
        Assert.All(answers.Where(answer => answer.Location is null), answer => Assert.Contains("taken", answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_tells_the_client()
    {
        var browser = new Browser(shared.Server);
        var answer = await browser.SubmitAsync(await OpenAsync(browser), ("action", "cancel"));
        Assert.Equal("access_denied", answer.Parameters["error"]);
    }

    [Fact]
    public async Task Another_browser_can_not_send_the_form()
    {
        var page = await OpenAsync(new Browser(shared.Server));
        var answer = await CreateAsync(new Browser(shared.Server), page, NewName(), Password);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Create_does_not_go_with_none()
    {
        var answer = await shared.Alice.GetAsync(new AuthorizationParameters().With("prompt", "none create").Url);
        Assert.Equal("invalid_request", answer.Parameters["error"]);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_way_to_it()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        Assert.Equal("invalid_request", (await browser.GetAsync(new AuthorizationParameters().With("prompt", "create").Url)).Parameters["error"]);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Assert.DoesNotContain("signup", login.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{RunningServer.Issuer}/signup")).Status);
    }

    private static string NewName() => $"carol-{Guid.NewGuid():n}";

    private static string Link(Answer page, string route) =>
        $"{RunningServer.Issuer}/{page.Document.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!).Single(href => href.StartsWith(route + "?", StringComparison.Ordinal))}";

    private static async Task<Answer> OpenAsync(Browser browser) =>
        await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters(scope: "openid profile").With("prompt", "create").Url));

    private static async Task<Answer> CreateAsync(Browser browser, Answer page, string username, string password, string? name = null) =>
        await browser.FollowAsync(await browser.SubmitAsync(page, ("username", username), ("password", password), ("name", name ?? ""), ("action", "create")));
}

public sealed class SignUpServer : SharedServer
{
    protected override ServerSetup Setup() => new() { Settings = { ["SelfRegistration"] = "true" } };
}
