using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class PromptTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("none select_account")]
    [InlineData("none none")]
    [InlineData("NONE")]
    [InlineData("create")]
    [InlineData("login nobody-knows-it")]
    public async Task An_unknown_one_and_none_beside_another_are_errors(string prompt) =>
        Expect.Error(await AskAsync(await shared.AliceAsync(), prompt), "invalid_request");

    [Fact]
    public async Task None_without_a_session_is_login_required() =>
        Expect.Error(await AskAsync(shared.NewBrowser(), "none"), "login_required");

    [Fact]
    public async Task None_with_a_session_answers_at_once_and_with_the_same_login()
    {
        var alice = await shared.AliceAsync();
        var before = await AuthTimeAsync(await AskAsync(alice, null));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before, await AuthTimeAsync(await AskAsync(alice, "none")));
    }

    [Fact]
    public async Task None_without_consent_is_consent_required()
    {
        var browser = await shared.SignedInAsync(await shared.NewUserAsync());
        var request = new AuthorizationParameters("third-party", "https://third.example/callback");
        Expect.Error(await browser.GetAsync(request.With("prompt", "none").Url), "consent_required", "https://third.example/callback");
    }

    [Theory]
    [InlineData("login")]
    [InlineData("login login")]
    public async Task Login_asks_a_user_who_is_signed_in(string prompt)
    {
        var browser = await shared.SignedInAsync("alice");
        var before = await AuthTimeAsync(await AskAsync(browser, null));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(5));

        var page = await browser.FollowAsync(await AskAsync(browser, prompt));
        Expect.Form(page, "login");
        var after = await AuthTimeAsync(await browser.FollowAsync(await browser.LoginAsync(page)));

        Assert.Equal(before + 5, after);
    }

    [Fact]
    public async Task Login_and_consent_ask_both_even_for_an_app_of_the_operator()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.FollowAsync(await AskAsync(browser, "consent login"));
        Expect.Form(page, "login");
        page = await browser.FollowAsync(await browser.LoginAsync(page));
        Expect.Form(page, "consent");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")));
    }

    [Fact]
    public async Task A_login_for_one_request_is_none_for_another()
    {
        var browser = await shared.SignedInAsync("alice");
        var first = await AskAsync(browser, "login");
        var second = await browser.FollowAsync(await AskAsync(browser, "login"));
        Expect.Code(await browser.LoginAsync(second));

        Expect.Form(await browser.GetAsync(first.Location!), "login");
    }

    [Fact]
    public async Task Without_a_session_the_user_is_asked_to_sign_in()
    {
        var browser = shared.NewBrowser();
        var answer = await AskAsync(browser, null);
        Expect.Asked(answer, "login");
        Expect.Form(await browser.FollowAsync(answer), "login");
    }

    private static Task<Answer> AskAsync(Browser browser, string? prompt) => browser.GetAsync(new AuthorizationParameters().With("prompt", prompt).Url);

    private async Task<long> AuthTimeAsync(Answer answer)
    {
        var tokens = await new ClientApp(shared.Server).RedeemAsync(Expect.Code(answer));
        return JsonAnswer.Claims(tokens.IdToken).GetProperty("auth_time").GetInt64();
    }
}
