using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ConsentTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Third = "https://third.example/callback";

    [Fact]
    public async Task A_set_of_scopes_is_asked_for_once()
    {
        var browser = await NewUserAsync();
        await AllowAsync(browser, "openid profile");
        Expect.Code(await AskAsync(browser, "openid profile"), Third);
        Expect.Code(await AskAsync(browser, "openid"), Third);
        Expect.Code(await AskAsync(browser, "openid profile", request => request.With("prompt", "none")), Third);
    }

    [Fact]
    public async Task Being_signed_in_is_no_consent()
    {
        var browser = await NewUserAsync();
        Expect.Form(await browser.FollowAsync(await AskAsync(browser, "openid")), "consent");
        Expect.Form(await browser.FollowAsync(await AskAsync(browser, "openid")), "consent");
    }

    [Fact]
    public async Task When_the_set_grows_the_user_is_asked_again()
    {
        var browser = await NewUserAsync();
        await AllowAsync(browser, "openid profile");
        Expect.Error(await AskAsync(browser, "openid profile email", request => request.With("prompt", "none")), "consent_required", Third);
        await AllowAsync(browser, "openid profile email");
        Expect.Code(await AskAsync(browser, "openid email profile"), Third);
    }

    [Fact]
    public async Task What_was_allowed_adds_up()
    {
        var browser = await NewUserAsync();
        await AllowAsync(browser, "openid profile");
        await AllowAsync(browser, "openid email");
        Expect.Code(await AskAsync(browser, "openid profile email"), Third);
    }

    [Fact]
    public async Task A_further_resource_is_asked_for_too()
    {
        var browser = await NewUserAsync();
        await AllowAsync(browser, "openid api.read");
        var page = await browser.FollowAsync(await AskAsync(browser, "openid api.read", request => request.With("resource", "https://api.example")));
        Expect.Form(page, "consent");
        Assert.Contains("The API", page.Text());
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
        Expect.Code(await AskAsync(browser, "openid api.read", request => request.With("resource", "https://api.example")), Third);
    }

    [Fact]
    public async Task It_is_remembered_in_another_browser()
    {
        var username = await shared.NewUserAsync();
        await AllowAsync(await shared.SignedInAsync(username), "openid profile");
        Expect.Code(await AskAsync(await shared.SignedInAsync(username), "openid profile"), Third);
    }

    [Fact]
    public async Task It_is_the_users_own()
    {
        await AllowAsync(await NewUserAsync(), "openid profile");
        Expect.Asked(await AskAsync(await NewUserAsync(), "openid profile"), "consent");
    }

    [Fact]
    public async Task Deny_goes_back_to_the_client_and_nothing_is_remembered()
    {
        var browser = await NewUserAsync();
        var page = await browser.FollowAsync(await AskAsync(browser, "openid"));
        Expect.Error(await browser.SubmitAsync(page, ("action", "deny")), "access_denied", Third);
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        Expect.Page(await browser.SubmitAsync(page, ("action", "allow")), "expired");
        Expect.Asked(await AskAsync(browser, "openid"), "consent");
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().Url)); // still signed in
    }

    [Theory]
    [InlineData("")]
    [InlineData("ALLOW")]
    [InlineData("login")]
    public async Task Whatever_is_not_allow_is_deny(string action)
    {
        var browser = await NewUserAsync();
        var page = await browser.FollowAsync(await AskAsync(browser, "openid"));
        Expect.Error(await browser.SubmitAsync(page, ("action", action)), "access_denied", Third);
    }

    [Fact]
    public async Task Prompt_consent_asks_always()
    {
        var browser = await NewUserAsync();
        await AllowAsync(browser, "openid profile");
        for (var i = 0; i < 2; i++)
        {
            var page = await browser.FollowAsync(await AskAsync(browser, "openid profile", request => request.With("prompt", "consent")));
            Expect.Form(page, "consent");
            Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
        }
    }

    [Fact]
    public async Task An_app_of_the_operator_is_allowed_without_a_question()
    {
        var browser = await NewUserAsync();
        Expect.Code(await browser.GetAsync(new AuthorizationParameters(scope: "openid profile email offline_access").Url));
        Expect.Code(await browser.GetAsync(new AuthorizationParameters("spa", scope: "openid profile").With("prompt", "none").Url), "https://spa.example/callback");
    }

    [Theory]
    [InlineData("http://127.0.0.1:4711/callback")]
    [InlineData("com.example.app:/callback")]
    public async Task A_native_app_is_asked_for_every_time_as_another_could_pose_as_it(string redirectUri)
    {
        var browser = await NewUserAsync();
        var request = new AuthorizationParameters("native", redirectUri);
        for (var i = 0; i < 2; i++)
        {
            var page = await browser.FollowAsync(await browser.GetAsync(request.Url));
            Expect.Form(page, "consent");
            Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), redirectUri);
        }
        Expect.Error(await browser.GetAsync(request.With("prompt", "none").Url), "consent_required", redirectUri);
    }

    private async Task<Browser> NewUserAsync() => await shared.SignedInAsync(await shared.NewUserAsync());

    private static Task<Answer> AskAsync(Browser browser, string scope, Action<AuthorizationParameters>? change = null)
    {
        var request = new AuthorizationParameters("third-party", Third, scope);
        change?.Invoke(request);
        return browser.GetAsync(request.Url);
    }

    /// <summary>The user is asked, and allows it.</summary>
    private static async Task AllowAsync(Browser browser, string scope)
    {
        var page = await browser.FollowAsync(await AskAsync(browser, scope));
        Expect.Form(page, "consent");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
    }
}
