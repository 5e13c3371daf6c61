using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Terms of service that people accept before they use a client.</summary>
public sealed class TermsTests
{
    private const string Address = "https://login.example/terms-of-service";

    [Fact]
    public async Task They_are_asked_for_once_and_again_when_they_change()
    {
        var storage = new TestStorage(BackEnd.Memory);
        var browser = await AcceptAsync(storage, "1", page => Assert.Contains("have not accepted", page.Body, StringComparison.Ordinal));
        await using (var server = await StartAsync(storage, "1"))
        {
            Expect.Code(await new Browser(server).AuthorizeAsync(new AuthorizationParameters()));
            var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
            Assert.Equal("1", user.AcceptedTerms!.Version);
            var events = await server.Get<IAuditStore>().FindAsync(new AuditQuery(server.Clock.GetUtcNow().AddDays(-1), server.Clock.GetUtcNow().AddDays(1), 10) { Kind = AuditKind.TermsAccepted }, default);
            Assert.Equal("1", Assert.Single(events).Detail);
        }
        Assert.NotNull(browser);
        await AcceptAsync(storage, "2", page => Assert.Contains("have changed", page.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_accepting_nobody_gets_to_a_client_and_everybody_to_the_own_account()
    {
        await using var server = await StartAsync(new TestStorage(BackEnd.Memory), "1");
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))));
        Assert.True(page.HasForm("terms"));
        Assert.Equal(Address, page.Document.GetElementById("read")!.GetAttribute("href"));
        // Silently nobody accepts anything, and no other page leads past it.
        Assert.Equal("interaction_required", (await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url)).Parameters["error"]);
        Assert.True((await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/consent?request={page.Field("request")}"))).HasForm("terms"));
        Assert.Equal("Profile", (await browser.AccountAsync("profile")).Heading());
        Assert.Equal("access_denied", (await browser.SubmitAsync(page, ("action", "cancel"))).Parameters["error"]);
        Assert.Null((await server.Get<IUserStore>().FindAsync("alice-subject", default))!.AcceptedTerms);
    }

    [Fact]
    public async Task Another_session_accepts_nothing_of_what_this_one_was_shown()
    {
        await using var server = await StartAsync(new TestStorage(BackEnd.Memory), "1");
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))));
        await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url)), "bob"));
        Assert.True((await browser.FollowAsync(await browser.SubmitAsync(page, ("action", "accept")))).HasForm("terms"));
        foreach (var subject in (string[])["alice-subject", "bob-subject"])
            Assert.Null((await server.Get<IUserStore>().FindAsync(subject, default))!.AcceptedTerms);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    public async Task Who_makes_an_account_accepts_them_first(string? accepts)
    {
        await using var server = await RunningServer.StartAsync(Setup(new TestStorage(BackEnd.Memory), "1").With(("SelfRegistration", "true")));
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "create").Url));
        var answer = await browser.FollowAsync(await browser.SubmitAsync(page, ("username", "carol"), ("password", "a-long-enough-phrase"), ("name", ""), ("terms", accepts ?? ""), ("action", "create")));
        if (accepts is null)
            Assert.Contains("Accept the terms", answer.Problem(), StringComparison.Ordinal);
        else
            Expect.Code(answer);
    }

    private static async Task<Browser> AcceptAsync(TestStorage storage, string version, Action<Answer> check)
    {
        await using var server = await StartAsync(storage, version);
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))));
        Assert.True(page.HasForm("terms"));
        check(page);
        Expect.Code(await browser.FollowAsync(await browser.SubmitAsync(page, ("action", "accept"))));
        return browser;
    }

    private static ServerSetup Setup(TestStorage storage, string version) => storage.Setup(("Terms:Address", Address), ("Terms:Version", version));

    private static Task<RunningServer> StartAsync(TestStorage storage, string version) => RunningServer.StartAsync(Setup(storage, version));
}
