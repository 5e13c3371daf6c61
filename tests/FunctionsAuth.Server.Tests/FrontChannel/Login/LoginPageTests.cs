using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class LoginPageTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Problem = "That name and password do not match, or there were too many tries.";

    [Fact]
    public async Task The_page_has_two_script_files_and_no_style_of_its_own()
    {
        var (_, page) = await OpenAsync();
        AssertOwnFiles(page);
        Assert.Empty(page.Document.QuerySelectorAll("style, [style], iframe, object"));
        Assert.DoesNotContain(page.Document.All, element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.All(page.Document.QuerySelectorAll("link"), link => Assert.StartsWith("assets/", link.GetAttribute("href")));
    }

    [Fact]
    public async Task The_page_works_for_password_managers_and_screen_readers()
    {
        var (_, page) = await OpenAsync();
        Assert.Equal("username webauthn", page.Document.QuerySelector("#username")!.GetAttribute("autocomplete"));
        Assert.Equal("current-password", page.Document.QuerySelector("#password")!.GetAttribute("autocomplete"));
        Assert.Equal("password", page.Document.QuerySelector("#password")!.GetAttribute("type"));
        Assert.All(
            page.Document.QuerySelectorAll("input:not([type=hidden])"),
            input => Assert.NotNull(page.Document.QuerySelector($"label[for='{input.Id}']")));
        Assert.Equal("en", page.Document.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task The_page_carries_nothing_of_the_request_but_its_id()
    {
        var (_, page) = await OpenAsync(new AuthorizationParameters().With("state", "secret-state").With("nonce", "secret-nonce"));
        Assert.DoesNotContain("secret-", page.Body);
        Assert.DoesNotContain("web.example", page.Body);
        Assert.Equal(["form_token", "request"], page.HiddenFields().Keys.Order());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("buffy@login.example")]
    public async Task A_login_hint_fills_in_the_name(string hint)
    {
        var (_, page) = await OpenAsync(new AuthorizationParameters().With("login_hint", hint));
        Assert.Equal(hint, page.ValueOf("username"));
        AssertOwnFiles(page);
    }

    [Fact]
    public async Task Without_script_nothing_offers_to_show_the_password()
    {
        var (_, page) = await OpenAsync();
        var button = page.Document.QuerySelector("button[data-reveals]")!;
        Assert.True(button.HasAttribute("hidden"));
        Assert.Equal("button", button.GetAttribute("type"));
        Assert.NotNull(page.Document.GetElementById(button.GetAttribute("data-reveals")!));
        // A password that is shown must not be sent to a spelling checker.
        Assert.Equal("false", page.Document.GetElementById("password")!.GetAttribute("spellcheck"));
    }

    /// <summary>The script of the button that shows the password, and the one of passkeys, from this server.</summary>
    private static void AssertOwnFiles(Answer page)
    {
        Assert.Equal(["assets/show-password.js", "assets/passkey.js"], page.Document.Scripts.Select(script => script.Source!.Split('?')[0]));
        Assert.All(page.Document.Scripts, script => Assert.Empty(script.Text));
        Assert.Contains("script-src 'self'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_shows_the_page_again_and_keeps_the_name_but_not_the_password()
    {
        var (browser, page) = await OpenAsync();
        var again = await browser.LoginAsync(page, await shared.NewUserAsync(), "wrong-password-of-the-test");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Expect.NotStored(again);
        Assert.Contains(Problem, again.Text());
        Assert.StartsWith("user-", again.ValueOf("username"));
        Assert.Equal("", again.ValueOf("password"));
        Assert.DoesNotContain("wrong-password-of-the-test", again.Body);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    [Fact]
    public async Task After_a_wrong_password_the_right_one_still_leads_to_the_client()
    {
        var (browser, page) = await OpenAsync();
        var username = await shared.NewUserAsync();
        Expect.Code(await browser.LoginAsync(await browser.LoginAsync(page, username, "wrong"), username));
    }

    [Fact]
    public async Task An_unknown_name_a_wrong_password_and_one_of_a_disabled_user_get_the_same_bytes()
    {
        var (browser, page) = await OpenAsync();
        var known = await shared.NewUserAsync();
        var disabled = await shared.NewUserAsync(user => user with { Disabled = true });
        var wrong = await browser.LoginAsync(page, known, "wrong");

        AssertSame(await browser.LoginAsync(page, "nobody", "wrong"), "nobody");
        AssertSame(await browser.LoginAsync(page, "nobody"), "nobody");
        AssertSame(await browser.LoginAsync(page, disabled, "wrong"), disabled);
        AssertSame(await browser.LoginAsync(page, known, ""), known);

        void AssertSame(Answer answer, string name)
        {
            Assert.Equal(wrong.Status, answer.Status);
            Assert.Equal(wrong.Body.Replace(known, "NAME", StringComparison.Ordinal), answer.Body.Replace(name, "NAME", StringComparison.Ordinal));
            Assert.Equal(wrong.Response.Headers.ToString(), answer.Response.Headers.ToString());
        }
    }

    [Fact]
    public async Task A_disabled_user_is_told_so_after_the_right_password_only_and_not_while_guesses_are_throttled()
    {
        var (browser, page) = await OpenAsync();
        var disabled = await shared.NewUserAsync(user => user with { Disabled = true });
        Assert.Contains("This account is disabled.", (await browser.LoginAsync(page, disabled)).Body, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        for (var i = 0; i < 10; i++)
            Assert.DoesNotContain("disabled", (await browser.LoginAsync(page, disabled, "wrong")).Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("disabled", (await browser.LoginAsync(page, disabled)).Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("decoy-7")]
    [InlineData("alice-subject")]
    [InlineData("é☃")]
    public async Task What_is_no_name_of_a_user_signs_nobody_in(string name)
    {
        var (browser, page) = await OpenAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page, name)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page, new string('x', 5000))).Status);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData(" alice ")]
    [InlineData("alice@example.com")]
    [InlineData("Alice@Example.COM")]
    public async Task A_user_signs_in_by_name_or_verified_email_address(string name)
    {
        var (browser, page) = await OpenAsync();
        Expect.Code(await browser.LoginAsync(page, name));
    }

    [Fact]
    public async Task An_email_address_that_is_not_verified_signs_nobody_in()
    {
        await shared.NewUserAsync(user => user with { Claims = new JsonObject { ["email"] = "unverified@example.com", ["email_verified"] = false } });
        var (browser, page) = await OpenAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page, "unverified@example.com")).Status);
    }

    [Fact]
    public async Task Cancel_goes_back_to_the_client()
    {
        var (browser, page) = await OpenAsync();
        Expect.Error(await browser.SubmitAsync(page, ("action", "cancel")), "access_denied");
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        Expect.Page(await browser.LoginAsync(page), "expired");
    }

    [Fact]
    public async Task A_password_in_the_query_is_not_looked_at()
    {
        var (browser, page) = await OpenAsync();
        var fields = page.HiddenFields().Select(field => $"{field.Key}={field.Value}");
        var query = string.Join('&', fields) + $"&username=alice&password={RunningServer.Password}&action=login";
        Expect.Form(await browser.GetAsync("login?" + query), "login");
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    private async Task<(Browser Browser, Answer Page)> OpenAsync(AuthorizationParameters? request = null)
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync((request ?? new AuthorizationParameters()).Url));
        Expect.Form(page, "login");
        return (browser, page);
    }
}
