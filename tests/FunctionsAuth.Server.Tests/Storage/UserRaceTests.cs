using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FunctionsAuth.Server.Tests.Storage;

public sealed class UserRaceTests
{
    // A user whose password costs little to check: these tests are about counting.
    private static readonly string CheapHash = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }))
        .HashPassword(new User { Subject = "", Username = "" }, "right");

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Wrong_logins_at_once_are_all_counted(BackEnd backEnd)
    {
        const int many = 16;
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "100")));
        await ImportAsync(server, "carol");
        var pages = await LoginPagesAsync(server, many);
        // The first ones have all read the same count before one of them writes.
        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat("Users replace", 10)]);

        var answers = await Task.WhenAll(pages.Select(page => Task.Run(() => page.Browser.LoginAsync(page.Page, "carol", "wrong"))));

        // Who could not be counted was not answered either.
        var answered = answers.Count(answer => (int)answer.Status == 422);
        Assert.All(answers, answer => Assert.True((int)answer.Status is 422 or 503, $"{answer.Status}"));
        Assert.InRange((await server.Get<IUserStore>().FindAsync("carol-subject", default))!.FailedLogins, answered, many);
        Assert.True(answered >= many / 2, $"Only {answered} of {many} were answered");
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Wrong_logins_at_once_lock_the_account(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "10")));
        await ImportAsync(server, "carol");
        var pages = await LoginPagesAsync(server, 17);
        await Task.WhenAll(pages.Take(16).Select(page => Task.Run(() => page.Browser.LoginAsync(page.Page, "carol", "wrong"))));

        var locked = await pages[16].Browser.LoginAsync(pages[16].Page, "carol", "right");
        Assert.Equal(422, (int)locked.Status);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull((await pages[16].Browser.LoginAsync(pages[16].Page, "carol", "right")).Location);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Imports_at_once_make_each_user_once(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var users = await storage.CountAsync("Users");
        var logins = await storage.CountAsync("UserLogins");
        // Without a subject: each import would give the user another one.
        var json = $$"""
            { "users": [
              { "username": "dora", "password_hash": "{{CheapHash}}", "claims": { "email": "dora@example.com", "email_verified": true } },
              { "username": "emil", "password_hash": "{{CheapHash}}" } ] }
            """;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => LocalServer.ImportAsync((i % 2 == 0 ? one : two).Services, json))));

        Assert.Equal(users + 2, await storage.CountAsync("Users"));
        Assert.Equal(logins + 3, await storage.CountAsync("UserLogins"));
        var store = one.Get<IUserStore>();
        var subject = await store.FindSubjectAsync("dora", default);
        Assert.Equal(subject, await store.FindSubjectAsync("DORA@example.com", default));
        Assert.Equal("dora", (await store.FindAsync(subject!, default))!.Username);
        // No name leads nowhere.
        await foreach (var login in storage["UserLogins"].QueryAsync<TableEntity>())
            Assert.NotNull(await store.FindAsync(login.GetString("Subject")!, default));
    }

    private static Task ImportAsync(RunningServer server, string name) => LocalServer.ImportAsync(
        server.Services,
        $$"""{ "users": [ { "username": "{{name}}", "subject": "{{name}}-subject", "password_hash": "{{CheapHash}}" } ] }""");

    private static async Task<List<(Browser Browser, Answer Page)>> LoginPagesAsync(RunningServer server, int count)
    {
        List<(Browser, Answer)> pages = [];
        for (var i = 0; i < count; i++)
        {
            var browser = new Browser(server);
            pages.Add((browser, await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))));
        }
        return pages;
    }
}
