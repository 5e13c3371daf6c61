using System.Net;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>Accounts that begin with a proven email address: setting <c>SignUp:Email</c>.</summary>
public sealed class MailedSignUpTests
{
    private const string Password = MailLinkPages.NewPassword;
    private const string Address = "carol@example.com";

    [Fact]
    public async Task A_person_makes_an_account_by_the_link_and_goes_on_to_the_app()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        var sent = await SendAsync(browser, Address);
        Assert.Contains(Address, sent.Done(), StringComparison.Ordinal);
        var mail = await server.NewestAsync(1);
        Assert.Equal(Address, mail.Message.To);
        Assert.Null(await server.Get<IUserStore>().FindSubjectAsync(Address, default));
        // Scanners open links.
        await new Browser(server).GetAsync(mail.Link());
        var answer = await browser.FollowAsync(await FillAsync(browser, mail.Link(), "carol"));
        var tokens = (await new ClientApp(server).RedeemAsync(Expect.Code(answer))).ShouldBeOk();
        var user = (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal((Address, "carol"), (user["email"], user["preferred_username"]));
        var stored = (await server.Get<IUserStore>().FindAsync(user["sub"]!, default))!;
        Assert.True(stored.HasVerified(Address));
        Assert.False(stored.PasswordSetByMail);
        // Both names sign in, and the link does nothing any more.
        foreach (var name in (string[])["Carol@Example.com", "carol"])
        {
            var other = new Browser(server);
            Expect.Code(await other.LoginAsync(await other.FollowAsync(await other.GetAsync(new AuthorizationParameters().Url)), name, Password));
        }
        Assert.Contains("can't be used any more", (await FillAsync(browser, mail.Link(), "carol-again")).Problem(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(mail.Link()[^20..], StringComparison.Ordinal) || line.Contains(Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_browser_makes_the_account_and_is_not_signed_in()
    {
        await using var server = await StartAsync();
        await SendAsync(new Browser(server), Address);
        var other = new Browser(server);
        var done = await FillAsync(other, (await server.NewestAsync(1)).Link(), "carol");
        Assert.Contains("Sign in as carol", done.Done(), StringComparison.Ordinal);
        Assert.Null(other.Cookie(BrowserCookieJar.Session));
        Assert.StartsWith($"{RunningServer.Issuer}/authorize?", done.Document.QuerySelector("#continue")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("ALICE@example.com")]
    [InlineData(Address)]
    public async Task Nobody_learns_who_has_an_account(string address)
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await StartAsync(storage);
        await SendAsync(new Browser(server), "warm-up@example.com");
        await storage.WhenAsync("Outbox delete");
        // Twice: the second is above the limit.
        for (var i = 0; i < 2; i++)
        {
            var browser = new Browser(server);
            var page = await OpenAsync(browser);
            storage.Script.Arm();
            var answer = await browser.SubmitAsync(page, ("email", address), ("action", "create"));
            await storage.WhenAsync("Outbox delete");
            string[] expected =
            [
                "Requests read", "UserLogins read", "SentMails read", i == 0 ? "SentMails insert" : "SentMails replace", "Tickets insert", "Outbox insert", "Outbox read", "Outbox replace", "Outbox delete",
            ];
            Assert.Equal(expected.Order(StringComparer.Ordinal), storage.Script.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal($"A mail with a link is on its way to {address}.", answer.Done());
        }
        var mails = await server.MailAsync(2);
        Assert.Equal(2, mails.Count);
        Assert.Equal(address == Address, mails[0].Message.Subject.StartsWith("Make your account", StringComparison.Ordinal));
        Assert.Equal(address, mails[0].Message.To);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b@c.example")]
    [InlineData("carol@example.com\r\nBcc: eve@example.com")]
    [InlineData("ｃarol@example.com")]
    public async Task What_is_no_address_is_said_and_no_mail_goes_out(string address)
    {
        await using var server = await StartAsync();
        var answer = await SendAsync(new Browser(server), address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("address", answer.Problem(), StringComparison.Ordinal);
        Assert.Equal("Look at your mail", (await SendAsync(new Browser(server), Address)).Heading());
        Assert.Single(await server.MailAsync());
    }

    [Theory]
    [InlineData("alice", Password, Password, "taken")]
    [InlineData("new@example.com", Password, Password, "email address")]
    [InlineData("carol", "short", "short", "12 to 1000")]
    [InlineData("carol", Password, "another phrase", "not the same")]
    public async Task What_the_person_must_change_leaves_the_link_good(string username, string password, string again, string problem)
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        await SendAsync(browser, Address);
        var link = (await server.NewestAsync(1)).Link();
        var answer = await browser.OpenAsync(link, ("username", username), ("password", password), ("password_again", again));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(problem, answer.Problem(), StringComparison.Ordinal);
        Assert.Equal(username, ((AngleSharp.Html.Dom.IHtmlInputElement)answer.Document.GetElementById("username")!).Value);
        Expect.Code(await browser.FollowAsync(await FillAsync(browser, link, "carol")));
    }

    [Fact]
    public async Task A_ticket_is_good_for_an_hour_and_this_purpose_and_while_sign_up_is_on()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        await SendAsync(browser, Address);
        var late = (await server.NewestAsync(1)).Link();
        server.Clock.Advance(MailedSignUp.Life);
        Assert.NotNull((await FillAsync(browser, late, "carol")).Problem());
        foreach (var purpose in Enum.GetValues<TicketPurpose>().Where(purpose => purpose != TicketPurpose.SignUp))
        {
            var (_, text) = await server.Get<TicketOffice>().IssueAsync(purpose, "alice-subject", Address, TimeSpan.FromHours(1), default);
            Assert.NotNull((await FillAsync(browser, $"{RunningServer.Issuer}/link/signup#{text}", "carol")).Problem());
        }
        await using var closed = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var (_, open) = await closed.Get<TicketOffice>().IssueAsync(TicketPurpose.SignUp, null, Address, TimeSpan.FromHours(1), default);
        Assert.NotNull((await FillAsync(new Browser(closed), $"{RunningServer.Issuer}/link/signup#{open}", "carol")).Problem());
        Assert.Null(await closed.Get<IUserStore>().FindSubjectAsync(Address, default));
    }

    [Fact]
    public async Task Whoever_verified_the_address_meanwhile_keeps_it()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        await SendAsync(browser, Address);
        var first = (await server.NewestAsync(1)).Link();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(browser, Address);
        var second = (await server.NewestAsync(2)).Link();
        await FillAsync(new Browser(server), first, "carol");
        Assert.Contains("can't be used any more", (await FillAsync(browser, second, "eve")).Problem(), StringComparison.Ordinal);
        Assert.Null(await server.Get<IUserStore>().FindSubjectAsync("eve", default));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_at_once_one_makes_an_account(BackEnd backEnd)
    {
        await using var server = await StartAsync(new TestStorage(backEnd));
        await SendAsync(new Browser(server), Address);
        var link = (await server.NewestAsync(1)).Link();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => FillAsync(new Browser(server), link, $"carol-{i}"))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK && answer.Document.QuerySelector("#done") is not null);
        Assert.NotNull(await server.Get<IUserStore>().FindSubjectAsync(Address, default));
    }

    [Fact]
    public async Task Terms_are_accepted_with_it()
    {
        await using var server = await RunningServer.StartAsync(Setup().With(("Terms:Address", "https://login.example/terms-of-service"), ("Terms:Version", "2040-03")));
        var browser = new Browser(server);
        await SendAsync(browser, Address);
        var link = (await server.NewestAsync(1)).Link();
        Assert.Contains("terms of service", (await browser.OpenAsync(link, ("username", "carol"), ("password", Password), ("password_again", Password), ("terms", ""))).Problem(), StringComparison.Ordinal);
        Expect.Code(await browser.FollowAsync(await browser.OpenAsync(link, ("username", "carol"), ("password", Password), ("password_again", Password), ("terms", "true"))));
        var subject = await server.Get<IUserStore>().FindSubjectAsync(Address, default);
        Assert.Equal("2040-03", (await server.Get<IUserStore>().FindAsync(subject!, default))!.AcceptedTerms?.Version);
    }

    private static ServerSetup Setup(TestStorage? storage = null) => (storage?.Setup() ?? new ServerSetup()).With(("SelfRegistration", "true"), ("SignUp:Email", "true")).WithMail();

    private static Task<RunningServer> StartAsync(TestStorage? storage = null) => RunningServer.StartAsync(Setup(storage));

    private static async Task<Answer> OpenAsync(Browser browser) =>
        await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters(scope: "openid profile email").With("prompt", "create").Url));

    private static async Task<Answer> SendAsync(Browser browser, string address) => await browser.SubmitAsync(await OpenAsync(browser), ("email", address), ("action", "create"));

    private static Task<Answer> FillAsync(Browser browser, string link, string username) =>
        browser.OpenAsync(link, ("username", username), ("password", Password), ("password_again", Password));
}
