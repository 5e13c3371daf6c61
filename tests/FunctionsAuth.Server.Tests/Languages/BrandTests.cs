using System.Net;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;
using FunctionsAuth.Server.Tests.MailLinks;

namespace FunctionsAuth.Server.Tests.Languages;

/// <summary>What an operator makes of the pages.</summary>
public sealed class BrandTests
{
    [Fact]
    public async Task The_logo_the_colour_the_links_and_the_line_are_on_every_page()
    {
        await using var server = await RunningServer.StartAsync(Setup());
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        foreach (var page in new[] { login, await browser.GetAsync($"{RunningServer.Issuer}/link/reset"), await new Browser(server).AccountAsync("profile"), await browser.GetAsync("authorize?client_id=unknown") })
        {
            var footer = page.Document.QuerySelector("footer.operator")!;
            Assert.Contains("The shop", footer.TextContent, StringComparison.Ordinal);
            Assert.Contains("Shop Ltd, London", footer.TextContent, StringComparison.Ordinal);
            Assert.Equal(["mailto:help@shop.example", "https://shop.example/privacy", "https://shop.example/terms"], footer.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
            Assert.NotNull(page.Document.QuerySelector("img[src='https://shop.example/logo.svg']"));
            Assert.Equal("https://shop.example/icon.png", page.Document.QuerySelector("link[rel='icon']")!.GetAttribute("href"));
            Assert.Contains("assets/accent-7b1fa2.css?v=", page.Document.QuerySelector("link[href*='accent-']")!.GetAttribute("href"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_has_the_colour_that_the_operator_gave_it()
    {
        await using var server = await RunningServer.StartAsync(Setup());
        await LocalHost.Hosting.LocalServer.ImportAsync(server.Services, """{ "clients": [{ "client_id": "blue", "brand_accent": "#0d47a1", "client_secret": "blue-secret-0123456789-0123456789-abc", "redirect_uris": ["https://blue.example/callback"] }] }""");
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters(clientId: "blue", redirectUri: "https://blue.example/callback", scope: "openid").Url));
        Assert.StartsWith("assets/accent-0d47a1.css?v=", page.Document.QuerySelector("link[href*='accent-']")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accent-7b1fa2.css", HttpStatusCode.OK)]
    [InlineData("accent-ffcc00.css", HttpStatusCode.OK)]
    [InlineData("accent-7b1fa.css", HttpStatusCode.NotFound)]
    [InlineData("accent-7b1fa2;}.css", HttpStatusCode.NotFound)]
    [InlineData("accent-.css", HttpStatusCode.NotFound)]
    [InlineData("accent-zzzzzz.css", HttpStatusCode.NotFound)]
    public async Task A_sheet_is_made_of_a_colour_and_of_nothing_else(string name, HttpStatusCode status)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Import = false });
        var answer = await new Browser(server).GetAsync($"{RunningServer.Issuer}/assets/{name}");
        Assert.Equal(status, answer.Status);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal("text/css", answer.Response.Content.Headers.ContentType!.MediaType);
            // Whatever was asked for, what stands on it can be read.
            Assert.DoesNotContain("--accent: #ffcc00", answer.Body.Split('\n')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Files_of_the_operator_are_assets_of_ours()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"brand-{Guid.NewGuid():n}"));
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "own.css"), "h1 { letter-spacing: 0; }");
            await using var server = await RunningServer.StartAsync(new ServerSetup().With(("Brand:Logo", $"{folder.Name}/logo.svg"), ("Brand:Css", $"{folder.Name}/own.css")));
            var page = await new Browser(server).AccountAsync("profile");
            var sheet = page.Document.QuerySelectorAll("link[rel='stylesheet']")[^1].GetAttribute("href")!;
            Assert.StartsWith("../assets/own.css?v=", sheet, StringComparison.Ordinal);
            var asset = await new Browser(server).GetAsync($"{RunningServer.Issuer}/account/{sheet}");
            Assert.Equal("h1 { letter-spacing: 0; }", asset.Body);
            Assert.Contains("immutable", asset.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            var logo = page.Document.QuerySelector("img.operator-logo")!.GetAttribute("src")!;
            Assert.Equal("image/svg+xml", (await new Browser(server).GetAsync($"{RunningServer.Issuer}/account/{logo}")).Response.Content.Headers.ContentType!.MediaType);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Mails_have_the_name_the_line_and_the_colour()
    {
        await using var server = await RunningServer.StartAsync(Setup());
        await new Browser(server).ForgetAsync("alice");
        var mail = (await server.NewestAsync(1)).Message;
        Assert.Contains("#7b1fa2", mail.Html, StringComparison.Ordinal);
        foreach (var body in new[] { mail.Html, mail.Text })
            Assert.Contains("Shop Ltd, London", body, StringComparison.Ordinal);
        Assert.Contains("mailto:help@shop.example", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_settings_nothing_is_added()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Assert.Null(page.Document.QuerySelector("footer.operator"));
        Assert.Single(page.Document.QuerySelectorAll("link[rel='stylesheet']"));
    }

    private static ServerSetup Setup() => new ServerSetup().With(
        ("OperatorName", "The shop"), ("Brand:Logo", "https://shop.example/logo.svg"), ("Brand:Icon", "https://shop.example/icon.png"), ("Brand:Accent", "#7b1fa2"), ("Brand:SupportUri", "mailto:help@shop.example"),
        ("Brand:PrivacyUri", "https://shop.example/privacy"), ("Brand:TermsUri", "https://shop.example/terms"), ("Brand:FooterText", "Shop Ltd, London")).WithMail();
}
