using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;
using FunctionsAuth.Server.Tests.MailLinks;

namespace FunctionsAuth.Server.Tests.Languages;

/// <summary>Which language a page and a mail have: what the client asks for, then what the person chose, then what the browser is set to.</summary>
public sealed class LanguageChoiceTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup().WithMail());

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(null, "en", "Sign in")]
    [InlineData("de", "de", "Anmelden")]
    [InlineData("de-CH, fr;q=0.9", "de", "Anmelden")]
    [InlineData("sv, fr;q=0.5, de;q=0.8", "de", "Anmelden")]
    [InlineData("de;q=0, fr", "fr", null)]
    [InlineData("sv", "en", "Sign in")]
    [InlineData("ja", "ja", null)]
    [InlineData("zh-CN,zh;q=0.9", "zh-Hans", null)]
    [InlineData("*", "en", "Sign in")]
    [InlineData(";;;,q=1,-,", "en", "Sign in")]
    public async Task A_browser_gets_the_language_that_it_is_set_to(string? header, string tag, string? heading)
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await Asking(browser, header));
        Assert.Equal(tag, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(tag, page.Response.Content.Headers.ContentLanguage.Single());
        Assert.Null(page.Document.DocumentElement.GetAttribute("dir"));
        if (heading is not null)
            Assert.Equal(heading, page.Heading());

        static Task<Answer> Asking(Browser browser, string? header)
        {
            browser.Languages = header;
            return browser.GetAsync(new AuthorizationParameters().Url);
        }
    }

    [Fact]
    public async Task What_the_client_asks_for_comes_first_and_stays_for_the_whole_request()
    {
        var browser = new Browser(server) { Languages = "fr" };
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters(clientId: "third-party", redirectUri: "https://third.example/callback", scope: "openid").With("ui_locales", "sv de-AT en").Url));
        Assert.Equal("de", login.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("de", (await browser.LoginAsync(login, "alice", "wrong")).Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("de", (await browser.FollowAsync(await browser.LoginAsync(login))).Document.DocumentElement.GetAttribute("lang"));
        // Of what it asks for, nobody knows any.
        Assert.Equal("fr", (await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("ui_locales", "tlh sv").With("prompt", "login").Url))).Document.DocumentElement.GetAttribute("lang"));
        // An error page, too.
        Assert.Equal("it", (await browser.GetAsync("authorize?client_id=unknown&ui_locales=it")).Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("nl", (await browser.GetAsync("logout?ui_locales=nl")).Document.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task What_the_person_chose_comes_before_the_browser_and_holds_for_mails()
    {
        var browser = new Browser(server) { Languages = "fr" };
        await browser.PressAsync(await browser.AccountAsync("profile"), "save", null, ("locale", "pl"));
        Assert.Equal("pl", (await browser.AccountAsync("sessions")).Document.DocumentElement.GetAttribute("lang"));
        // Somebody else asks for the link, with another browser: the mail is for the person.
        await new Browser(server) { Languages = "ja" }.ForgetAsync("alice");
        var mail = (await server.NewestAsync(1)).Message;
        Assert.Contains("<html lang=\"pl\">", mail.Html, StringComparison.Ordinal);
        Assert.Contains("20 minut", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arabic_runs_from_right_to_left()
    {
        var page = await new Browser(server) { Languages = "ar" }.GetAsync($"{RunningServer.Issuer}/forgot_password");
        Assert.Equal(("ar", "rtl"), (page.Document.DocumentElement.GetAttribute("lang"), page.Document.DocumentElement.GetAttribute("dir")));
        await new Browser(server) { Languages = "ar" }.ForgetAsync("alice");
        Assert.Contains("dir=\"rtl\"", (await server.NewestAsync(1)).Message.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metadata_lists_all() => Assert.Equal(
        ["en", "ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh-Hans"],
        JsonNode.Parse(await server.Http.GetStringAsync(".well-known/openid-configuration"))!["ui_locales_supported"]!.AsArray().Select(tag => tag!.GetValue<string>()));

    [Fact]
    public async Task Names_of_clients_and_scopes_have_languages()
    {
        await LocalHost.Hosting.LocalServer.ImportAsync(server.Services, """
            {
              "scopes": [{ "name": "orders", "display_name": "See orders", "display_name#de": "Bestellungen sehen", "description": "What you bought", "description#de": "Was Sie gekauft haben" }],
              "resources": [{ "identifier": "https://orders.example", "display_name": "Orders", "display_name#de-AT": "Bestellungen", "scopes": ["orders"] }],
              "clients": [{ "client_id": "shop", "client_name": "The shop", "client_name#de": "Der Laden", "client_secret": "shop-secret-0123456789-0123456789-abc", "redirect_uris": ["https://shop.example/callback"], "scope": "openid orders" }]
            }
            """);
        var request = new AuthorizationParameters(clientId: "shop", redirectUri: "https://shop.example/callback", scope: "openid orders").With("resource", "https://orders.example");
        var browser = new Browser(server) { Languages = "de" };
        var page = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(request.Url))));
        foreach (var text in (string[])["Der Laden", "Bestellungen sehen", "Was Sie gekauft haben", "Bestellungen"])
            Assert.Contains(text, page.Document.Body!.TextContent, StringComparison.Ordinal);
        browser.Languages = "it";
        var other = await browser.FollowAsync(await browser.GetAsync(request.Url));
        Assert.Contains("The shop", other.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("See orders", other.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "client_id": "x", "client_name#": "y", "redirect_uris": ["https://x.example/"] }""", "must end in a language tag")]
    [InlineData("""{ "client_id": "x", "client_uri#de": "https://x.example", "redirect_uris": ["https://x.example/"] }""", "can't have a language")]
    [InlineData("""{ "client_id": "x", "client_name#de": "a\u202eb", "redirect_uris": ["https://x.example/"] }""", "all of them visible")]
    [InlineData("""{ "client_id": "x", "client_name#de": 1, "redirect_uris": ["https://x.example/"] }""", "must be")]
    [InlineData("""{ "client_id": "x", "brand_accent": "#ffcc00", "redirect_uris": ["https://x.example/"] }""", "the nearest colour")]
    public async Task What_is_wrong_with_them_is_said(string client, string problem)
    {
        var refused = await Assert.ThrowsAsync<Protocol.Import.ImportException>(() => LocalHost.Hosting.LocalServer.ImportAsync(server.Services, $$"""{ "clients": [{{client}}] }"""));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }
}
