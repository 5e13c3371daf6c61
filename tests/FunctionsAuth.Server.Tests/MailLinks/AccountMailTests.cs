using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Factors;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>The mails that tell a person what has happened to the account.</summary>
public sealed class AccountMailTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup().WithMail());
        alice = new Browser(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_name_with_markup_is_text_in_the_mail()
    {
        const string Name = "<b>alice</b>&";
        await alice.PressAsync(await alice.AccountAsync("username"), "save", null, ("username", Name));
        var mail = (await server.NewestAsync(1)).Message;
        Assert.Equal("alice@example.com", mail.To);
        Assert.Contains(Name, mail.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;alice&lt;/b&gt;&amp;", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("1 March 2040, 12:00 UTC", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_is_told_and_the_use_of_a_recovery_code()
    {
        var app = await Authenticator.SetUpAsync(server, alice);
        Assert.Contains("app for codes", (await server.NewestAsync(1)).Message.Subject, StringComparison.Ordinal);
        var browser = new Browser(server);
        await browser.GiveAsync(await browser.ToFactorAsync(new AuthorizationParameters()), app.Recovery[0]);
        Assert.Contains("A recovery code was used", (await server.NewestAsync(2)).Message.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_is_new_to_the_account_is_told_where_the_operator_wants_it()
    {
        await new Browser(server).AccountAsync("profile");
        Assert.Empty(server.Get<LocalHost.LocalMailbox>().Sent);
        await using var telling = await RunningServer.StartAsync(new ServerSetup().With(("Mail:NewDevice", "true"), ("SelfRegistration", "true")).WithMail());
        var browser = new Browser(telling);
        await browser.AccountAsync("profile");
        var mail = (await telling.NewestAsync(1)).Message;
        Assert.Contains("A new browser signed in", mail.Subject, StringComparison.Ordinal);
        // The same browser once more is nothing new, nor is the one in which an account is made.
        await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url)));
        await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url)), "alice", "wrong");
        await new Browser(telling).AccountAsync("profile");
        Assert.Equal(2, (await telling.MailAsync(2)).Count);
    }

    [Fact]
    public async Task Another_password_is_told()
    {
        await alice.PressAsync(await alice.AccountAsync("password"), "save", null, ("password", MailLinkPages.NewPassword), ("password_again", MailLinkPages.NewPassword));
        Assert.Contains("Your password was changed", (await server.NewestAsync(1)).Message.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_verified_address_gets_no_mail()
    {
        var bob = new Browser(server);
        Assert.NotNull((await bob.PressAsync(await bob.AccountAsync("username", "bob"), "save", null, ("username", "robert"))).Done());
        Assert.Empty(server.Get<LocalHost.LocalMailbox>().Sent);
    }
}
