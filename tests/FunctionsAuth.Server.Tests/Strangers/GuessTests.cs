using System.Net;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>Guesses of strangers keep nobody out of an account in whose browser they signed in before, and for long nobody at all.</summary>
public sealed class GuessTests : IAsyncLifetime
{
    private const int Most = 10;
    private const string Devices = "__Host-devices";

    private RunningServer server = null!;
    private Browser stranger = null!;
    private Answer page = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        stranger = new Browser(server);
        page = await PageAsync(stranger);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Ten_wrong_guesses_keep_strangers_out_and_not_the_browser_of_the_owner()
    {
        var own = await server.SignedInAsync("alice");
        await GuessAsync(stranger, page, Most);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.LoginAsync(page)).Status);
        Expect.Code(await own.LoginAsync(await PageAsync(own)));
    }

    [Fact]
    public async Task The_browser_of_another_account_is_a_stranger_s_as_well_and_so_is_a_cookie_that_was_changed()
    {
        var bob = await server.SignedInAsync("bob");
        var own = await server.SignedInAsync("alice");
        var cookie = own.Cookie(Devices)!;
        own.SetCookie(Devices, cookie[..^2] + (cookie[^2] == 'A' ? 'B' : 'A') + cookie[^1]);
        await GuessAsync(stranger, page, Most);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bob.LoginAsync(await PageAsync(bob))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await own.LoginAsync(await PageAsync(own))).Status);
    }

    [Fact]
    public async Task One_browser_may_be_known_to_several_accounts()
    {
        var shared = await server.SignedInAsync("alice");
        Expect.Code(await shared.LoginAsync(await PageAsync(shared), "bob"));
        await GuessAsync(stranger, page, Most);
        await GuessAsync(stranger, page, Most, "bob");
        Expect.Code(await shared.LoginAsync(await PageAsync(shared)));
        Expect.Code(await shared.LoginAsync(await PageAsync(shared), "bob"));
    }

    [Fact]
    public async Task A_known_browser_is_a_stranger_s_after_ten_wrong_guesses_of_its_own_and_harms_nobody_before()
    {
        var thief = await server.SignedInAsync("alice");
        var form = await PageAsync(thief);
        await GuessAsync(thief, form, Most - 1);
        Assert.Null((await UserAsync()).GuessesUntil);
        Expect.Code(await stranger.LoginAsync(page));

        await GuessAsync(thief, form, 1);
        await GuessAsync(thief, form, Most);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.LoginAsync(form)).Status);
    }

    [Fact]
    public async Task The_right_password_clears_the_count_of_its_browser_alone()
    {
        var own = await server.SignedInAsync("alice");
        await GuessAsync(own, await PageAsync(own), Most - 1);
        await GuessAsync(stranger, page, Most);
        Expect.Code(await own.LoginAsync(await PageAsync(own)));
        var user = await UserAsync();
        Assert.Null(user.DeviceFailures);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.LoginAsync(page)).Status);
    }

    [Fact]
    public async Task After_a_reset_of_the_password_no_wrong_guess_of_before_counts()
    {
        const string password = "another-long-phrase";
        var own = await server.SignedInAsync("alice");
        await GuessAsync(own, await PageAsync(own), Most);
        await GuessAsync(stranger, page, Most);
        Assert.NotNull(await server.Get<Accounts>().SetPasswordAsync("alice", password, default));

        // The ten guesses of strangers that come now do not concern the owner's browser, whose own count is gone.
        await GuessAsync(stranger, page, Most);
        Expect.Code(await own.LoginAsync(await PageAsync(own), password: password));
    }

    [Fact]
    public async Task However_many_guesses_come_one_is_looked_at_after_30_seconds()
    {
        await GuessAsync(stranger, page, 3 * Most);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Expect.Code(await stranger.LoginAsync(page));
    }

    [Fact]
    public async Task While_guesses_are_throttled_right_and_wrong_ones_get_the_same_page_for_the_same_work()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var scripted = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "1")));
        var browser = new Browser(scripted);
        var form = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        await browser.LoginAsync(form, "alice", "wrong");
        await browser.LoginAsync(form, "nobody", "wrong");
        var seen = new List<(string, string)>();
        foreach (var (name, password) in new[] { ("alice", "wrong"), ("alice", RunningServer.Password), ("nobody", "wrong") })
        {
            storage.Script.Arm();
            var answer = await browser.LoginAsync(form, name, password);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            seen.Add((answer.Body.Replace(name, "", StringComparison.Ordinal), string.Join(' ', storage.Script.Operations).Replace("Decoys", "Users", StringComparison.Ordinal)));
        }
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task Every_instance_knows_the_browser()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var one = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "1")));
        await using var two = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "1")));
        var own = await one.SignedInAsync("alice");
        var other = new Browser(two);
        var form = await other.FollowAsync(await other.GetAsync(new AuthorizationParameters().Url));
        await other.LoginAsync(form, "alice", "wrong");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await other.LoginAsync(form)).Status);
        other.SetCookie(Devices, own.Cookie(Devices)!);
        Expect.Code(await other.LoginAsync(form));
    }

    [Fact]
    public async Task A_network_sends_60_passwords_and_then_one_in_a_second()
    {
        await using var forwarded = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["ClientAddress:Source"] = "forwarded" } });
        var limit = forwarded.Get<FunctionsAuth.Protocol.Limits.HashLimit>();
        var source = forwarded.Get<FunctionsAuth.Protocol.Limits.RequestSource>();
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        http.Request.Headers["X-Forwarded-For"] = "203.0.113.9:1234";
        source.Begin(http);
        for (var i = 0; i < 60; i++)
            Assert.Equal("203.0.113.9", limit.Take());
        Assert.Equal(429, Assert.Throws<FunctionsAuth.Protocol.Errors.OAuthException>(() => limit.Take()).Status);
        forwarded.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("203.0.113.9", limit.Take());
    }

    [Fact]
    public async Task A_hash_of_another_cost_becomes_one_of_the_server_s_own_at_the_first_login()
    {
        var cheap = new Microsoft.AspNetCore.Identity.PasswordHasher<User>(Microsoft.Extensions.Options.Options.Create(
            new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 5 })).HashPassword(new User { Subject = "", Username = "" }, "right password");
        await LocalServer.ImportAsync(server.Services, $$"""{ "users": [{ "username": "carol", "subject": "carol", "password_hash": "{{cheap}}" }] }""");
        Expect.Code(await stranger.LoginAsync(page, "carol", "right password"));
        Assert.True(StoredHash.Of((await UserAsync("carol")).PasswordHash!).IsOwn);
    }

    private async Task<User> UserAsync(string subject = "alice-subject") => (await server.Get<IUserStore>().FindAsync(subject, default))!;

    private static async Task<Answer> PageAsync(Browser browser) => await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));

    private static async Task GuessAsync(Browser browser, Answer form, int times, string username = "alice")
    {
        for (var i = 0; i < times; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(form, username, "wrong")).Status);
    }
}
