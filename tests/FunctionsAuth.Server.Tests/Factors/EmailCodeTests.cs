using System.Text.RegularExpressions;
using FunctionsAuth.LocalHost;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;
using FunctionsAuth.Server.Tests.MailLinks;

namespace FunctionsAuth.Server.Tests.Factors;

/// <summary>Codes by mail as a second factor: requirements EML1 and EML2.</summary>
public sealed partial class EmailCodeTests
{
    [Fact]
    public async Task Who_has_nothing_else_gets_a_code_by_mail_where_a_second_factor_is_wanted()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(Wish());
        Assert.Equal("a…@example.com", page.Document.GetElementById("email-hint")!.TextContent);
        Assert.Empty(server.Get<LocalMailbox>().Sent);
        var asked = await SendAsync(browser, page);
        var code = await CodeAsync(server, 1);
        var claims = JsonAnswer.Claims((await new ClientApp(server).RedeemAsync(Expect.Code(await browser.GiveAsync(asked, $" {code[..4]} {code[4..]}")))).ShouldBeOk().IdToken);
        Assert.Equal(AuthenticationContexts.MultiFactor, claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()));
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(code, StringComparison.Ordinal));
        // Without the wish nobody is asked, and the session remembers it.
        Expect.Code(await browser.ToFactorAsync(Wish()));
        Expect.Code(await new Browser(server).ToFactorAsync(new AuthorizationParameters()));
        // Nor does it resist phishing.
        Assert.Equal("Set up a second step", (await new Browser(server).ToFactorAsync(Wish("{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"phr\"}}}"))).Heading());
    }

    [Fact]
    public async Task A_code_is_good_once_in_its_browser_for_ten_minutes_and_five_tries()
    {
        await using var server = await StartAsync();
        var (browser, other) = (new Browser(server), new Browser(server));
        var asked = await SendAsync(browser, await browser.ToFactorAsync(Wish()));
        var code = await CodeAsync(server, 1);
        var elsewhere = await other.ToFactorAsync(Wish());
        Assert.True((await other.GiveAsync(elsewhere, code)).AsksForFactor());
        for (var i = 0; i < 4; i++)
            Assert.NotNull((asked = await browser.GiveAsync(asked, "00000000")).Problem());
        Expect.Code(await browser.GiveAsync(asked, code));
        // Once more, in a request of its own: it is good for none.
        Assert.True((await other.GiveAsync(elsewhere, code)).AsksForFactor());

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        asked = await SendAsync(other, elsewhere);
        code = await CodeAsync(server, 2);
        for (var i = 0; i < 5; i++)
            Assert.NotNull((asked = await other.GiveAsync(asked, "00000000")).Problem());
        Assert.True((await other.GiveAsync(asked, code)).AsksForFactor());

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        asked = await SendAsync(other, asked);
        code = await CodeAsync(server, 3);
        server.Clock.Advance(EmailCodes.Life);
        Assert.True((await other.GiveAsync(asked, code)).AsksForFactor());
    }

    [Fact]
    public async Task One_mail_a_minute_and_five_an_hour_whatever_request_asks()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 8; i++)
        {
            var browser = new Browser(server);
            var page = await browser.ToFactorAsync(Wish());
            await SendAsync(browser, page);
            Assert.Contains("Too many codes", (await SendAsync(browser, page)).Problem(), StringComparison.Ordinal);
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(5, (await server.MailAsync(5)).Count);
    }

    [Fact]
    public async Task Beside_a_password_that_came_by_mail_it_is_no_second_factor()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        await browser.ForgetAsync("alice");
        await browser.ResetAsync((await server.NewestAsync(1)).Link());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(MailLinkPages.NewPassword);
        // Nor does whoever got in by mail make it one by another password.
        const string Another = "another phrase of many words";
        await browser.PressAsync(await browser.AccountAsync("password", password: MailLinkPages.NewPassword), "save", null, ("password", Another), ("password_again", Another));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(Another);

        async Task CheckAsync(string password)
        {
            var one = new Browser(server);
            var login = await one.FollowAsync(await one.GetAsync(Wish("""{"id_token":{"acr":{"essential":true,"value":"urn:functionsauth:acr:mfa"}}}""").Url));
            Assert.Equal("Set up a second step", (await one.FollowAsync(await one.LoginAsync(login, password: password))).Heading());
        }
    }

    [Fact]
    public async Task Who_only_knows_the_password_changes_nothing_that_matters()
    {
        await using var server = await StartAsync();
        foreach (var route in (string[])["password", "email", "totp", "passkeys", "username", "data"])
            Assert.NotNull((await new Browser(server).AccountAsync(route)).Document.GetElementById("email-hint"));
    }

    [Fact]
    public async Task Who_has_an_app_is_not_asked_for_less()
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(BackEnd.Memory).Setup().WithMail());
        var app = await Authenticator.SetUpAsync(server, new Browser(server));
        Assert.NotNull(app);
        var page = await new Browser(server).ToFactorAsync(Wish());
        Assert.Null(page.Document.GetElementById("email-hint"));
        Assert.Contains("your app shows", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_at_once_one_uses_the_code(BackEnd backEnd)
    {
        await using var server = await StartAsync(new TestStorage(backEnd));
        var browser = new Browser(server);
        var asked = await SendAsync(browser, await browser.ToFactorAsync(Wish()));
        var code = await CodeAsync(server, 1);
        var codes = server.Get<EmailCodes>();
        var store = server.Get<Protocol.AuthorizationRequests.IRequestStore>();
        var parked = (await store.FindAsync(Protocol.Storage.RecordAddress.TryParse(asked.Field("request"), out var address) ? address : throw new InvalidOperationException(), default))!;
        var proofs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => (await codes.TakeAsync(parked, "alice-subject", code, "web", default)).Proof)));
        Assert.Single(proofs, proof => proof is not null);
        // It was for that person and that request.
        Assert.Null((await codes.TakeAsync(parked, "bob-subject", code, "web", default)).Proof);
    }

    private static Task<RunningServer> StartAsync(TestStorage? storage = null) =>
        RunningServer.StartAsync((storage?.Setup() ?? new ServerSetup()).With(("SecondFactors:EmailCodes", "true")).WithMail());

    private static AuthorizationParameters Wish(string? claims = null) =>
        claims is null ? new AuthorizationParameters().With("acr_values", AuthenticationContexts.MultiFactor) : new AuthorizationParameters().With("claims", claims);

    private static Task<Answer> SendAsync(Browser browser, Answer page) => browser.SubmitAsync(page, ("action", "send_code"));

    private static async Task<string> CodeAsync(RunningServer server, int count) => EightDigits().Match((await server.NewestAsync(count)).Message.Text).Value;

    [GeneratedRegex("[0-9]{8}")]
    private static partial Regex EightDigits();
}
