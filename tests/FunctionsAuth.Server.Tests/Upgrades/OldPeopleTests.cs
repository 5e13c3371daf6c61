using System.Net;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>People whom an earlier release knew are signed in, have allowed what they have allowed, and finish what they began.</summary>
public sealed class OldPeopleTests(EarlierRelease old) : IClassFixture<EarlierRelease>
{
    private const string Third = "https://third.example/callback";

    private Kept Kept => old.Kept;

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    [InlineData("again")]
    public async Task Who_was_signed_in_is(string name) => Expect.Code(await AskSilentlyAsync(old.Browser(name)));

    [Fact]
    public async Task Who_signed_out_stays_so() => Expect.Error(await AskSilentlyAsync(old.Browser("ended")), "login_required");

    [Theory]
    [InlineData("dora")]
    [InlineData("eve")]
    public async Task Who_was_disabled_or_signed_out_everywhere_gets_no_tokens(string name)
    {
        var answer = await AskSilentlyAsync(old.Browser(name));
        if (answer.Parameters.TryGetValue("code", out var code))
            (await old.App().RedeemAsync(code)).ShouldFail("invalid_grant");
        else
            Expect.Error(answer, "login_required");
    }

    [Fact]
    public async Task What_was_allowed_is_not_asked_again()
    {
        var request = ThirdParty().With("prompt", "none");
        Expect.Code(await old.Browser("alice").GetAsync(request.Url), Third);
        Expect.Error(await old.Browser("alice").GetAsync(request.With("scope", "openid email").Url), "consent_required", Third);
    }

    [Fact]
    public async Task A_login_page_that_is_open_signs_in()
    {
        var fields = Fields("login page");
        (fields["username"], fields["password"], fields["action"]) = ("bob", RunningServer.Password, "login");
        var browser = old.Browser("login page");
        Expect.Code(await browser.PostAsync($"{RunningServer.Issuer}/login", fields));
        Expect.Code(await AskSilentlyAsync(browser));
    }

    [Fact]
    public async Task A_consent_page_that_is_open_allows()
    {
        var fields = Fields("consent page");
        fields["action"] = "allow";
        Expect.Code(await old.Browser("consent page").PostAsync($"{RunningServer.Issuer}/consent", fields), "com.example.app:/callback");
    }

    [Fact]
    public async Task A_pushed_request_is_answered_once()
    {
        var request = new AuthorizationParameters().With("request_uri", Kept["pushed"]);
        Expect.Code(await old.Browser("alice").GetAsync(request.Url));
        Assert.Null((await old.Browser("alice").GetAsync(request.Url)).Location);
        Assert.Null((await old.Browser("alice").GetAsync(new AuthorizationParameters("spa").With("request_uri", Kept["pushed and answered"]).Url)).Location);
    }

    [Theory]
    [InlineData("alice", RunningServer.Password)]
    [InlineData("ALICE@example.com", RunningServer.Password)]
    [InlineData("fay", LifeOfPeople.FayPassword)]
    public async Task Passwords_are_good(string username, string password)
    {
        var browser = new Browser(old.Server);
        Expect.Code(await browser.LoginAsync(await OpenAsync(browser), username, password));
    }

    [Theory]
    [InlineData("dora")]
    [InlineData("emil")]
    [InlineData("nobody")]
    public async Task Who_is_disabled_locked_or_unknown_is_refused(string username)
    {
        var browser = new Browser(old.Server);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(await OpenAsync(browser), username)).Status);
    }

    private Dictionary<string, string> Fields(string page)
    {
        var prefix = $"{page}.field.";
        return Kept.Values.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
    }

    private static AuthorizationParameters ThirdParty() =>
        new AuthorizationParameters("third-party", Third, "openid profile api.read").With("resource", "https://api.example").With("claims", """{"userinfo":{"email":null}}""");

    private static Task<Answer> AskSilentlyAsync(Browser browser) => browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);

    private static async Task<Answer> OpenAsync(Browser browser) => await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
}
