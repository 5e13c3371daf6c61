using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>Accounts that an operator makes for others, who choose their passwords by a link.</summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private const string Address = "dora@example.com";

    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup().WithMail());

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_link_sets_the_first_password_once_and_verifies_the_address()
    {
        var link = await InviteAsync(await MakeAsync());
        var browser = new Browser(server);
        Assert.Contains("12 to", (await browser.ResetAsync(link, "short")).Problem(), StringComparison.Ordinal);
        Assert.Contains("Sign in as dora", (await browser.ResetAsync(link)).Done(), StringComparison.Ordinal);
        var user = (await server.Get<IUserStore>().FindAsync("dora-subject", default))!;
        Assert.True(user.HasVerified(Address));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", Address, MailLinkPages.NewPassword)).Heading());
        Assert.Contains("Your account is ready", (await server.NewestAsync(1)).Message.Subject, StringComparison.Ordinal);
        Assert.NotNull((await browser.ResetAsync(link, "another phrase of many words")).Problem());
    }

    [Fact]
    public async Task It_is_good_for_a_week_and_for_an_account_without_a_password()
    {
        var user = await MakeAsync();
        var browser = new Browser(server);
        var (late, early) = (await InviteAsync(user), await InviteAsync(user));
        server.Clock.Advance(Invitations.Life - TimeSpan.FromSeconds(1));
        Assert.NotNull((await browser.ResetAsync(early)).Done());
        Assert.NotNull((await browser.ResetAsync(late)).Problem());

        var other = await MakeAsync("eve", "eve@example.com");
        var link = await InviteAsync(other);
        server.Clock.Advance(Invitations.Life);
        Assert.NotNull((await browser.ResetAsync(link)).Problem());
        link = await InviteAsync(other);
        await server.Get<Accounts>().DisableAsync("eve", default);
        Assert.NotNull((await browser.ResetAsync(link)).Problem());
    }

    [Fact]
    public async Task Who_verified_the_address_meanwhile_keeps_it_and_the_account_works_without()
    {
        var link = await InviteAsync(await MakeAsync());
        Assert.True(await server.Get<IUserStore>().TryAddLoginNameAsync(Address, "bob-subject", default));
        Assert.NotNull((await new Browser(server).ResetAsync(link)).Done());
        Assert.Null((await server.Get<IUserStore>().FindAsync("dora-subject", default))!.VerifiedEmail);
        Assert.Equal("bob-subject", await server.Get<IUserStore>().FindSubjectAsync(Address, default));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", "dora", MailLinkPages.NewPassword)).Heading());
    }

    private async Task<string> InviteAsync(User user) => $"{RunningServer.Issuer}/link/invitation#{await server.Get<Invitations>().InviteAsync(user, default)}";

    private async Task<User> MakeAsync(string name = "dora", string address = Address)
    {
        var user = new User { Subject = $"{name}-subject", Username = name, Claims = new JsonObject { ["email"] = address, ["email_verified"] = false } };
        Assert.True(await server.Get<IUserStore>().TryCreateAsync(user, byOperator: true, default));
        return user;
    }
}
