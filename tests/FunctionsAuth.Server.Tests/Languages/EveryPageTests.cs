using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Factors;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;
using FunctionsAuth.Server.Tests.MailLinks;

namespace FunctionsAuth.Server.Tests.Languages;

/// <summary>No page, no problem on a page and no mail has a text that no language has.</summary>
public sealed class EveryPageTests : IAsyncLifetime
{
    // Names and addresses, which are the same in every language.
    private static readonly string[] Data =
    [
        "alice", "bob", "carol", "Alice Example", "alice@example.com", "login.example", "Web app", "Third party app", "A (AI)", "web.example", "third.example", "UTC", "Read your data", "Change your data", "The API", "Firefox",
        "The app's own text", "Alice", "Berlin",
    ];

    private readonly OtherLanguage language = new();
    private RunningServer server = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup().With(
            language.Setting, ("SelfRegistration", "true"), ("Terms:Address", "https://login.example/terms-of-service"), ("Terms:Version", "1"), ("Brand:SupportUri", "mailto:help@login.example"), ("Brand:FooterText", "The app's own text"), ("Mail:NewDevice", "true")).WithMail());
        browser = new Browser(server) { Languages = OtherLanguage.Tag };
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        language.Dispose();
    }

    [Fact]
    public async Task On_the_way_to_an_app()
    {
        var start = new AuthorizationParameters(clientId: "third-party", redirectUri: "https://third.example/callback", scope: "openid profile email offline_access api.read");
        var login = await SeeAsync(browser.FollowAsync(await browser.GetAsync(start.Url)));
        await SeeAsync(browser.LoginAsync(login, "alice", "wrong"));
        foreach (var page in (string[])["signup", "forgot_password"])
            await SeeAsync(browser.GetAsync($"{RunningServer.Issuer}/{page}?request={login.Field("request")}"));
        await SeeAsync(browser.SubmitAsync(await browser.GetAsync($"{RunningServer.Issuer}/signup?request={login.Field("request")}"), ("username", "a@b"), ("password", "x"), ("action", "create")));
        await SeeAsync(browser.SubmitAsync(await browser.GetAsync($"{RunningServer.Issuer}/signup?request={login.Field("request")}"), ("username", "carol"), ("password", "short"), ("action", "create")));
        await SeeAsync(browser.ForgetAsync("alice"));
        var terms = await SeeAsync(browser.FollowAsync(await browser.LoginAsync(login)));
        Assert.True(terms.HasForm("terms"));
        await SeeAsync(browser.FollowAsync(await browser.SubmitAsync(terms, ("action", "accept"))));
        await SeeAsync(browser.FollowAsync(await browser.GetAsync(start.With("prompt", "select_account").Url)));
        await SeeAsync(browser.GetAsync("authorize?client_id=unknown"));
        await SeeAsync(browser.GetAsync("login?request=unknown"));
        await SeeAsync(browser.GetAsync($"{RunningServer.Issuer}/logout"));
        await SeeAsync(browser.GetAsync(new AuthorizationParameters().With("response_mode", "form_post").Url));
        foreach (var link in (string[])["reset", "email", "undo", "signup", "invitation"])
        {
            await SeeAsync(browser.GetAsync($"{RunningServer.Issuer}/link/{link}"));
            await SeeAsync(browser.OpenAsync($"{RunningServer.Issuer}/link/{link}#x", ("password", "x"), ("password_again", "y")));
        }
    }

    [Fact]
    public async Task On_the_account_pages()
    {
        foreach (var page in (string[])["profile", "username", "security", "totp", "email", "password", "passkeys", "sessions", "apps", "activity", "data", "delete"])
            await SeeAsync(browser.AccountAsync(page));
        await SeeAsync(browser.GetAsync($"{RunningServer.Issuer}/apps"));
        await SeeAsync(browser.GetAsync($"{RunningServer.Issuer}/account/unknown"));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("username"), "save", null, ("username", "a@b")));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("password"), "save", null, ("password", "password1234"), ("password_again", "password1234")));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("email"), "save", null, ("email", "x")));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("email"), "save", null, ("email", "alice@example.org")));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("profile"), "save", null, ("picture", "x"), ("locale", "?")));
        await SeeAsync(browser.PressAsync(await browser.AccountAsync("delete"), "delete", null, ("username", "x")));
    }

    [Fact]
    public async Task Around_second_factors()
    {
        browser.Languages = null;
        var app = await Authenticator.SetUpAsync(server, browser);
        browser.Languages = OtherLanguage.Tag;
        foreach (var page in (string[])["security", "totp", "recovery-codes", "passkeys", "activity"])
        {
            var shown = await browser.AccountAsync(page);
            await SeeAsync(Task.FromResult(shown.AsksForFactor() ? await browser.GiveAsync(shown, app.NextCode()) : shown));
        }
        var other = new Browser(server) { Languages = OtherLanguage.Tag };
        var asked = await SeeAsync(other.ToFactorAsync(new AuthorizationParameters()));
        await SeeAsync(other.GiveAsync(asked, "wrong"));
        await SeeAsync(other.GetAsync($"{RunningServer.Issuer}/second_factor?request={asked.Field("request")}&method=recovery"));
        await SeeAsync(new Browser(server) { Languages = OtherLanguage.Tag }.ToFactorAsync(new AuthorizationParameters().With("claims", """{"id_token":{"acr":{"essential":true,"value":"phr"}}}"""), "bob"));
    }

    [Fact]
    public async Task In_mails()
    {
        await browser.ForgetAsync("alice");
        await browser.AccountAsync("profile");
        await browser.PressAsync(await browser.AccountAsync("username"), "save", null, ("username", "carol"));
        await browser.PressAsync(await browser.AccountAsync("email"), "save", null, ("email", "alice@example.org"));
        foreach (var mail in await server.MailAsync(4))
        {
            Assert.Equal("", OtherLanguage.OutsideOf(mail.Message.Subject));
            foreach (var line in mail.Message.Text.Split('\n').Where(line => !line.StartsWith("https://", StringComparison.Ordinal)))
                Assert.True(OtherLanguage.OutsideOf(line) is "" or "The app's own text" or "login.example", line);
            Assert.Contains($"<html lang=\"{OtherLanguage.Tag}\">", mail.Message.Html, StringComparison.Ordinal);
        }
    }

    private static async Task<Answer> SeeAsync(Task<Answer> answer)
    {
        var page = await answer;
        Assert.Equal(OtherLanguage.Tag, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Empty(OtherLanguage.Outside(page).Where(text => !Data.Contains(text) && !Data.Contains(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())).Select(text => $"{page.Heading()}: {text}"));
        return page;
    }
}
