using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>A new email address, and the way back: requirement ACC3.</summary>
public sealed class EmailChangeTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        alice = new Browser(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("alice@new.example")]
    [InlineData("jürgen@例え.jp")]
    public async Task An_address_counts_when_its_link_was_opened_where_the_person_is_signed_in(string address)
    {
        await AskAsync(alice, address);
        var mail = await server.NewestAsync(1);
        Assert.Equal((address, "alice@example.com"), (mail.Message.To, await EmailAsync()));
        // Neither a scanner nor somebody else who opens it changes anything.
        Assert.NotNull((await new Browser(server).OpenAsync(mail.Link())).Problem());
        var bob = new Browser(server);
        await bob.AccountAsync("profile", "bob");
        Assert.NotNull((await bob.OpenAsync(mail.Link())).Problem());
        Assert.Equal("alice@example.com", await EmailAsync());

        Assert.NotNull((await alice.OpenAsync(mail.Link())).Done());
        Assert.Equal(address, await EmailAsync());
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", address)).Heading());
        Assert.True((await new Browser(server).AccountAsync("profile", "alice@example.com")).HasForm("login"));
        Assert.NotNull((await alice.OpenAsync(mail.Link())).Problem());
    }

    [Fact]
    public async Task The_former_address_takes_the_change_back_and_those_who_came_after_can_not()
    {
        await AskAsync(alice, "thief@new.example");
        await alice.OpenAsync((await server.NewestAsync(1)).Link());
        var undo = (await server.MailAsync(3)).Single(mail => mail.Message.To == "alice@example.com").Link();
        await AskAsync(alice, "thief@second.example");
        await alice.OpenAsync((await server.MailAsync(4))[0].Link());
        var ofThief = (await server.MailAsync(6)).First(mail => mail.Message.To == "thief@new.example" && mail.Link().Contains("/undo#", StringComparison.Ordinal)).Link();
        server.Clock.Advance(TimeSpan.FromDays(6));

        Assert.NotNull((await new Browser(server).OpenAsync(undo)).Done());
        var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
        Assert.Equal(("alice@example.com", null), (user.VerifiedEmail, user.PasswordHash));
        Assert.True((await alice.FollowAsync(await alice.GetAsync("account/profile"))).HasForm("login"));
        Assert.NotNull((await new Browser(server).OpenAsync(ofThief)).Problem());
        Assert.NotNull((await new Browser(server).OpenAsync(undo)).Problem());
        Assert.Equal("alice@example.com", (await server.Get<IUserStore>().FindAsync("alice-subject", default))!.VerifiedEmail);
        Assert.Null(await server.Get<IUserStore>().FindSubjectAsync("thief@second.example", default));

        // The way back in.
        var browser = new Browser(server);
        await browser.ForgetAsync("alice@example.com");
        Assert.NotNull((await browser.ResetAsync((await server.MailAsync(8))[0].Link())).Done());
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", password: MailLinkPages.NewPassword)).Heading());
    }

    [Fact]
    public async Task The_address_of_somebody_else_looks_the_same_and_its_owner_is_told()
    {
        var bob = new Browser(server);
        var free = await AskAsync(bob, "bob@example.com", "bob");
        var taken = await AskAsync(bob, "alice@example.com", "bob");
        Assert.Equal(free.Body.Replace("bob@example.com", "X", StringComparison.Ordinal), taken.Body.Replace("alice@example.com", "X", StringComparison.Ordinal));
        var mail = (await server.MailAsync(2)).Single(one => one.Message.To == "alice@example.com");
        Assert.Contains("Somebody wanted to use your address", mail.Message.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("/link/", mail.Message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no address")]
    [InlineData("a@x.example,b@x.example")]
    [InlineData("ａlice@example.com")]
    [InlineData("alice@example.com")]
    public async Task An_address_that_nobody_may_have_is_refused(string address)
    {
        var page = await AskAsync(alice, address);
        Assert.NotNull(page.Problem());
        Assert.Empty(server.Get<LocalHost.LocalMailbox>().Sent);
    }

    [Fact]
    public async Task An_address_of_320_characters_can_be_verified_and_signs_in()
    {
        var address = $"{new string('l', 64)}@{string.Join('.', Enumerable.Repeat(new string('d', 50), 5))}";
        address = address.Length <= 320 ? address : address[..320];
        await AskAsync(alice, address);
        Assert.NotNull((await alice.OpenAsync((await server.NewestAsync(1)).Link())).Done());
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", address)).Heading());
    }

    [Fact]
    public async Task Whoever_signs_out_everywhere_voids_a_change_that_waits()
    {
        await AskAsync(alice, "thief@new.example");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Get<Protocol.Users.Accounts>().SignOutEverywhereAsync("alice", default);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = new Browser(server);
        await again.AccountAsync("profile");
        Assert.NotNull((await again.OpenAsync((await server.NewestAsync(1)).Link())).Problem());
        Assert.Equal("alice@example.com", await EmailAsync());
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_two_people_who_confirm_one_address_one_gets_it(BackEnd backEnd)
    {
        await using var own = await RunningServer.StartAsync(new TestStorage(backEnd).Setup().WithMail());
        var (users, tickets, change) = (own.Get<IUserStore>(), own.Get<TicketOffice>(), own.Get<EmailChange>());
        for (var round = 0; round < 3; round++)
        {
            var address = $"wanted-{round}@example.com";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            {
                var user = (await users.FindAsync(i % 2 == 0 ? "alice-subject" : "bob-subject", default))!;
                var (ticket, _) = await tickets.IssueAsync(TicketPurpose.EmailChange, user.Subject, address, TimeSpan.FromHours(1), default);
                return (user.Subject, Outcome: await change.ConfirmAsync(ticket, user, default));
            })));
            var owner = await users.FindSubjectAsync(address, default);
            Assert.Single(outcomes.Where(one => one.Outcome == EmailOutcome.Done).Select(one => one.Subject).Distinct(), owner);
            Assert.Equal(address, (await users.FindAsync(owner!, default))!.VerifiedEmail);
        }
    }

    private async Task<Answer> AskAsync(Browser browser, string address, string username = "alice") =>
        await browser.PressAsync(await browser.AccountAsync("email", username), "save", null, ("email", address));

    private async Task<string?> EmailAsync() => (await server.Get<IUserStore>().FindAsync("alice-subject", default))!.VerifiedEmail;
}
