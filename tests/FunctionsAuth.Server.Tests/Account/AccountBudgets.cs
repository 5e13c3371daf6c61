using FunctionsAuth.Server.Tests.Factors;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>What the account pages and the portal cost: docs/storage.md has the same figures.</summary>
public sealed class AccountBudgets
{
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Every_page_keeps_its_budget(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var alice = new Browser(server);
        var app = new ClientApp(server, "third-party");
        await app.RedeemAsync(await alice.CodeAsync(app, "third-party", "openid profile"));
        var page = await alice.AccountAsync("profile");
        await alice.GetAsync("apps");
        const string session = "Sessions read, Users read";

        await ShouldCost(session, () => alice.AccountAsync("profile"));
        await ShouldCost($"Audit insert, AuditOfPeople insert, {session}, Users replace", () => alice.PressAsync(page, "save", null, ("name", "A")));
        await ShouldCost($"{session}", () => alice.PressAsync(page, "save", null, ("name", "A")));
        // Two spans of 30 days, as a session may last 30 days; then the one session.
        await ShouldCost($"{session}, Sessions read, UserSessions query, UserSessions query", async () => page = await alice.AccountAsync("sessions"));
        await ShouldCost($"Consents query, {session}", async () => page = await alice.AccountAsync("apps"));
        // Four spans of 30 days hold the last 90, and failed logins are read apart from the rest.
        await ShouldCost($"{string.Concat(Enumerable.Repeat("AuditOfPeople query, ", 8))}{session}", () => alice.AccountAsync("activity"));
        await ShouldCost(
            "Audit insert, AuditOfPeople insert, Consents query, Consents read, Consents replace, Sessions read, Users read", () => alice.PressAsync(page, "revoke"));
        await ShouldCost(session, () => alice.GetAsync("apps"));

        // A login and its code, of a person who allowed the client before; then the same with a second factor, in two steps.
        await alice.CodeAsync(new ClientApp(server), "web", "openid");
        const string begun = "Audit insert, AuditOfPeople insert, Consents read, Grants insert, Requests read, Requests replace, Requests replace, Sessions insert, UserSessions insert";
        const string password = "Credentials query, UserLogins read, Users read, Users replace";
        var (browser, login) = await ToLoginAsync();
        await ShouldCost($"{begun}, {password}", () => browser.LoginAsync(login));
        var authenticator = await Authenticator.SetUpAsync(server, alice);
        (browser, login) = await ToLoginAsync();
        await ShouldCost($"{password}, Requests read, Requests replace", () => browser.LoginAsync(login));
        var factor = await browser.FollowAsync(await browser.LoginAsync(login));
        await ShouldCost($"{begun}, Credentials query, Credentials replace, Users read", () => browser.GiveAsync(factor, authenticator.NextCode()));

        async Task<(Browser Browser, Answer Page)> ToLoginAsync()
        {
            var unknown = new Browser(server);
            return (unknown, await unknown.FollowAsync(await unknown.GetAsync(new AuthorizationParameters().Url)));
        }

        async Task ShouldCost(string operations, Func<Task> run)
        {
            storage.Script.Arm();
            await run();
            Assert.Equal(string.Join(", ", operations.Split(", ").Order(StringComparer.Ordinal)), string.Join(", ", storage.Script.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal)));
        }
    }
}
