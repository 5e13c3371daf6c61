using System.Net;
using FunctionsAuth.LocalHost;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>Another password by a link in a mail: requirements ACC1 and ACC2.</summary>
public sealed class PasswordResetTests
{
    [Theory]
    [InlineData("alice")]
    [InlineData("Alice@Example.COM")]
    public async Task The_link_sets_the_password_once_and_ends_what_was_before(string name)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var (web, alice) = (new ClientApp(server), new Browser(server));
        var tokens = (await web.LoginAsync("openid offline_access", alice)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var browser = new Browser(server);
        Assert.Equal("Look at your mail", (await browser.ForgetAsync(name)).Heading());
        var mail = await server.NewestAsync(1);
        Assert.Equal("alice@example.com", mail.Message.To);
        // Scanners open links.
        var opened = await new Browser(server).GetAsync(mail.Link());
        Assert.Equal("no-referrer", opened.Response.Headers.GetValues("Referrer-Policy").Single());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var done = await browser.ResetAsync(mail.Link());
        Assert.Contains("Sign in as alice", done.Done(), StringComparison.Ordinal);
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        Assert.True((await alice.FollowAsync(await alice.GetAsync("account/profile"))).HasForm("login"));
        Assert.True((await new Browser(server).AccountAsync("profile")).HasForm("login"));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", password: MailLinkPages.NewPassword)).Heading());
        Assert.True((await server.Get<IUserStore>().FindAsync("alice-subject", default))!.PasswordSetByMail);
        Assert.Contains("password was changed", (await server.NewestAsync(2)).Message.Subject, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.ResetAsync(mail.Link(), "another phrase of many words")).Status);
        // It signs nobody in, and no log has the ticket.
        Assert.True((await browser.FollowAsync(await browser.GetAsync("account/profile"))).HasForm("login"));
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(mail.Link()[^20..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_person_comes_back_to_the_request_in_whose_midst_the_password_was_missing()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var query = login.Document.QuerySelector("#forgot")!.GetAttribute("href")!["forgot_password".Length..];
        await browser.ForgetAsync("alice", query);
        var link = (await server.NewestAsync(1)).Link();
        var done = await browser.ResetAsync(link);
        var page = await browser.GetAsync(done.Document.QuerySelector("#continue")!.GetAttribute("href")!);
        Assert.Contains("code", (await browser.FollowAsync(await browser.LoginAsync(page, password: MailLinkPages.NewPassword))).Parameters.Keys);
    }

    [Fact]
    public async Task Another_browser_is_led_to_no_request_of_somebody_else()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        await browser.ForgetAsync("alice", login.Document.QuerySelector("#forgot")!.GetAttribute("href")!["forgot_password".Length..]);
        var done = await new Browser(server).ResetAsync((await server.NewestAsync(1)).Link());
        Assert.StartsWith($"{RunningServer.Issuer}/authorize?", done.Document.QuerySelector("#continue")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    [InlineData("nobody-at-all")]
    [InlineData("somebody@example.com")]
    [InlineData("jürgen@例え.jp")]
    public async Task Nobody_learns_who_has_an_account(string name)
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup().WithMail());
        await new Browser(server).ForgetAsync("warm-up");
        await storage.WhenAsync("Outbox delete");
        // Twice: the second is above the limit.
        for (var i = 0; i < 2; i++)
        {
            var browser = new Browser(server);
            var page = await browser.GetAsync($"{RunningServer.Issuer}/forgot_password");
            storage.Script.Arm();
            var answer = await browser.SubmitAsync(page, ("username", name));
            string[] expected =
            [
                "UserLogins read", name is "alice" or "bob" ? "Users read" : "Decoys read", "SentMails read", i == 0 ? "SentMails insert" : "SentMails replace",
                "Tickets insert", "Outbox insert", "Outbox read", "Outbox replace", "Outbox delete",
            ];
            await storage.WhenAsync("Outbox delete");
            Assert.Equal(expected.Order(StringComparer.Ordinal), storage.Script.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal(await ExpectedAsync(), answer.Body);
        }
        Assert.Equal(name == "alice" ? 1 : 0, server.Get<LocalMailbox>().Sent.Count);

        async Task<string> ExpectedAsync()
        {
            storage.Script.Arm();
            var answer = await new Browser(server).ForgetAsync("some other name");
            await storage.WhenAsync("Outbox delete");
            return answer.Body;
        }
    }

    [Fact]
    public async Task A_recipient_gets_one_mail_a_minute_and_five_an_hour_by_whatever_name()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var browser = new Browser(server);
        for (var i = 0; i < 12; i++)
        {
            await browser.ForgetAsync(i % 2 == 0 ? "alice" : "alice@example.com");
            await browser.ForgetAsync("alice");
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(5, (await server.MailAsync(5)).Count);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await browser.ForgetAsync("alice");
        Assert.Equal(6, (await server.MailAsync(6)).Count);
    }

    [Fact]
    public async Task A_ticket_is_good_for_twenty_minutes_its_purpose_its_address_and_the_login_of_then()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var browser = new Browser(server);
        await browser.ForgetAsync("alice");
        var late = (await server.NewestAsync(1)).Link();
        server.Clock.Advance(PasswordResetRequest.Life);
        Assert.NotNull((await browser.ResetAsync(late)).Problem());

        var tickets = server.Get<TicketOffice>();
        foreach (var purpose in Enum.GetValues<TicketPurpose>().Where(purpose => purpose != TicketPurpose.PasswordReset))
        {
            var (_, text) = await tickets.IssueAsync(purpose, "alice-subject", "alice@example.com", TimeSpan.FromHours(1), default);
            Assert.NotNull((await browser.ResetAsync($"{RunningServer.Issuer}/link/reset#{text}")).Problem());
        }
        var (_, other) = await tickets.IssueAsync(TicketPurpose.PasswordReset, "alice-subject", "former@example.com", TimeSpan.FromHours(1), default);
        Assert.NotNull((await browser.ResetAsync($"{RunningServer.Issuer}/link/reset#{other}")).Problem());
        foreach (var forged in new[] { "", "x", other[..^4] + "AAAA", new string('A', 68) })
            Assert.NotNull((await browser.ResetAsync($"{RunningServer.Issuer}/link/reset#{forged}")).Problem());

        await browser.ForgetAsync("alice");
        var link = (await server.NewestAsync(2)).Link();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Get<Protocol.Users.Accounts>().SignOutEverywhereAsync("alice", default);
        Assert.NotNull((await browser.ResetAsync(link)).Problem());
        await server.Get<Protocol.Users.Accounts>().DisableAsync("alice", default);
        await browser.ForgetAsync("alice");
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", "bob")).Heading());
        Assert.Equal(2, server.Get<LocalMailbox>().Sent.Count);
    }

    [Fact]
    public async Task A_bad_password_and_a_foreign_form_leave_the_ticket_good()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        var browser = new Browser(server);
        await browser.ForgetAsync("alice");
        var link = (await server.NewestAsync(1)).Link();
        Assert.Contains("12 to", (await browser.ResetAsync(link, "short")).Problem(), StringComparison.Ordinal);
        Assert.Contains("not the same", (await browser.OpenAsync(link, ("password", MailLinkPages.NewPassword), ("password_again", "x"))).Problem(), StringComparison.Ordinal);
        Assert.NotNull((await browser.OpenAsync(link, ("password", MailLinkPages.NewPassword), ("password_again", MailLinkPages.NewPassword), ("form_token", "forged"))).Problem());
        Assert.NotNull((await browser.ResetAsync(link)).Done());
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_at_once_one_uses_the_ticket_and_one_mail_is_sent(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup().WithMail());
        var tickets = server.Get<TicketOffice>();
        for (var round = 0; round < 3; round++)
        {
            var (_, text) = await tickets.IssueAsync(TicketPurpose.PasswordReset, "alice-subject", "alice@example.com", TimeSpan.FromHours(1), default);
            var found = (await tickets.FindAsync(text, TicketPurpose.PasswordReset, default))!;
            var used = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => tickets.TryUseAsync(found, default))));
            Assert.Single(used, won => won);
            var limit = server.Get<RecipientLimit>();
            var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => limit.TryTakeAsync(TicketPurpose.EmailChange, $"somebody-{round}", default))));
            Assert.Single(taken, won => won);
        }
    }

    [Fact]
    public async Task Without_mail_there_is_no_such_page()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["Mail:Host"] = null } });
        if (server.Get<Protocol.Mail.Mails>().AreOn)
            return;
        Assert.Equal(HttpStatusCode.NotFound, (await new Browser(server).GetAsync("forgot_password")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await new Browser(server).GetAsync("link/reset")).Status);
    }
}
