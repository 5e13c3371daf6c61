using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>What people do to their accounts while 20 requests are under way: nothing that was refused once works again.</summary>
public sealed class AccountRaces
{
    private const int Many = 20;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Access_that_was_taken_back_is_gone_whoever_refreshes_meanwhile(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var (app, alice) = (new ClientApp(server, "third-party"), new Browser(server));
        List<JsonAnswer> tokens = [];
        for (var i = 0; i < Many; i++)
            tokens.Add((await app.RedeemAsync(await alice.CodeAsync(app, "third-party", "openid offline_access"))).ShouldBeOk());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.AccountAsync("apps");

        var refreshing = tokens.Select(token => Task.Run(() => app.RefreshAsync(token.RefreshToken))).ToList();
        Assert.NotNull((await alice.PressAsync(page, "revoke")).Done());
        foreach (var answer in await Task.WhenAll(refreshing))
        {
            if (answer.Status != 200)
                continue;
            (await app.RefreshAsync(answer.RefreshToken)).ShouldFail("invalid_grant");
            (await app.UserInfoAsync(answer.AccessToken)).ShouldFail("invalid_token", 401);
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Whoever_signed_in_before_everybody_was_signed_out_is_signed_out(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var (web, alice) = (new ClientApp(server), new Browser(server));
        var page = await alice.AccountAsync("sessions");
        var before = server.Clock.GetUtcNow();

        // As many as may wait for the hash of a password at once.
        var logins = Enumerable.Range(0, 12).Select(_ => Task.Run(() => LoginAsync(web, new Browser(server)))).ToList();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("You are signed out", (await alice.PressAsync(page, "end_all")).Heading());
        foreach (var login in await Task.WhenAll(logins))
        {
            // A login that began before that and ended after it may have got nothing.
            if (login is not { Status: 200 })
                continue;
            var signedIn = DateTimeOffset.FromUnixTimeSeconds(JsonAnswer.Claims(login.IdToken).GetProperty("auth_time").GetInt64());
            Assert.Equal(signedIn > before ? 200 : 400, (await web.RefreshAsync(login.RefreshToken)).Status);
        }
        Assert.True((await alice.FollowAsync(await alice.GetAsync("account/sessions"))).HasForm("login"));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Nobody_keeps_what_a_group_gave_whoever_redeems_a_code_meanwhile(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup(("CacheFor", "00:00:00")));
        var (web, alice) = (new ClientApp(server), new Browser(server));
        var clients = server.Get<Protocol.Clients.IClientStore>();
        var client = (await clients.FindAsync("web", default))!;
        await clients.TrySaveAsync(client with { ScopeMaps = new Dictionary<string, IReadOnlyList<string>> { ["staff"] = ["api.read"] } }, default);
        await server.PutIntoGroupsAsync("alice-subject", "staff");
        List<string> codes = [];
        for (var i = 0; i < Many; i++)
            codes.Add(await alice.CodeAsync(web, "web", "openid api.read offline_access"));

        var redeeming = codes.Select(code => Task.Run(() => web.RedeemAsync(code))).ToList();
        await server.Get<Accounts>().ChangeGroupsAsync("alice", [], ["staff"], default);
        foreach (var answer in await Task.WhenAll(redeeming))
        {
            if (answer.Status != 200)
                continue;
            (await web.RefreshAsync(answer.RefreshToken)).ShouldFail("invalid_grant");
            Assert.False((await web.IntrospectAsync(answer.AccessToken)).ShouldBeOk().IsActive);
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_two_people_who_want_one_username_one_gets_it_and_nobody_is_without(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var (account, users) = (server.Get<OwnAccount>(), server.Get<IUserStore>());
        for (var round = 0; round < 5; round++)
        {
            var wanted = $"wanted-{round}";
            var people = await Task.WhenAll(((string[])["alice-subject", "bob-subject"]).Select(subject => users.FindAsync(subject, default)));
            server.Clock.Advance(TimeSpan.FromMinutes(10));
            var changes = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() =>
                account.ChangeUsernameAsync(people[i % 2]!, server.Clock.GetUtcNow(), wanted, default))));
            var owner = await users.FindSubjectAsync(wanted, default);
            Assert.All(changes, change => Assert.True(change.User is null || change.User.Subject == owner));
            foreach (var person in people)
            {
                var now = (await users.FindAsync(person!.Subject, default))!;
                Assert.Equal(now.Subject == owner ? wanted : person.Username, now.Username);
                Assert.Equal(now.Subject, await users.FindSubjectAsync(now.Username, default));
            }
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_deletion_that_is_interrupted_anywhere_is_finished_by_the_timer(BackEnd backEnd)
    {
        for (var at = 0; ; at++)
        {
            var storage = new TestStorage(backEnd);
            await using var server = await RunningServer.StartAsync(storage.Setup());
            var (web, browser) = (new ClientApp(server), new Browser(server));
            var tokens = (await web.LoginAsync("openid offline_access", browser)).ShouldBeOk();
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;

            storage.Script.Arm(new Fault(FaultKind.Status503, false, at));
            var isDone = await DeleteAsync(server, user);
            storage.Script.Arm();
            server.Clock.Advance(TimeSpan.FromMinutes(11));
            await server.Get<AccountDeletion>().PruneAsync(server.Clock.GetUtcNow(), default);
            Assert.Empty(await storage.RowsAsync("Deletions"));
            var left = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
            if (left.DeletedAt is null)
            {
                // It failed before anything was done, and the account is as it was.
                Assert.Equal(user.Username, left.Username);
                continue;
            }
            (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
            Assert.Null(await server.Get<IUserStore>().FindSubjectAsync("alice", default));
            Assert.Null(await server.Get<IUserStore>().FindSubjectAsync("alice@example.com", default));
            foreach (var table in new[] { "Audit", "AuditOfPeople" })
                Assert.DoesNotContain(await storage.RowsAsync(table), row => row.GetString("Subject") == "alice-subject");
            Assert.Empty(await storage.RowsAsync("Consents"));
            Assert.Empty(await storage.RowsAsync("Sessions"));
            if (isDone)
                break;
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Whoever_goes_to_and_fro_between_two_usernames_can_sign_in_by_the_last(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var (account, users) = (server.Get<OwnAccount>(), server.Get<IUserStore>());
        for (var round = 0; round < 2; round++)
        {
            var user = (await users.FindAsync("alice-subject", default))!;
            server.Clock.Advance(TimeSpan.FromMinutes(10));
            await Task.WhenAll(((string[])["alice-b", "alice"]).SelectMany(name => Enumerable.Repeat(name, 4)).Select(name => Task.Run(() =>
                account.ChangeUsernameAsync(user, server.Clock.GetUtcNow(), name, default))));
            var now = (await users.FindAsync("alice-subject", default))!.Username;
            Assert.Equal("alice-subject", await users.FindSubjectAsync(now, default));
            // The other one is the person's, too, and signs nobody in.
            Assert.Equal("alice-subject", await users.FindOwnerAsync(now == "alice" ? "alice-b" : "alice", default));
        }
    }

    [Fact]
    public async Task A_login_that_is_under_way_while_everybody_is_signed_out_is_one_of_before()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var (web, thief) = (new ClientApp(server), new Browser(server));
        var page = await thief.FollowAsync(await thief.GetAsync(new AuthorizationParameters("web", scope: "openid offline_access").Url));
        storage.Script.Meeting = new Rendezvous("Sessions insert", "signed out");
        var login = Task.Run(() => thief.LoginAsync(page));
        await storage.WhenAsync("Users replace");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await server.Get<Accounts>().SetPasswordAsync("alice", "another-long-phrase", default));
        await storage.Script.Meeting.ArriveAsync("signed out");
        var answer = await thief.FollowAsync(await login);
        if (answer.Location is not null && answer.Parameters.TryGetValue("code", out var code))
            (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        Assert.True((await thief.FollowAsync(await thief.GetAsync("account/profile"))).HasForm("login"));
    }

    [Fact]
    public async Task An_import_that_is_under_way_does_not_bring_a_deleted_account_back()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        storage.Script.Meeting = new Rendezvous("Users replace", "deleted");
        var import = Task.Run(() => LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "alice", "disabled": false, "claims": { "name": "Back" } }] }"""));
        // It has read the user, and is about to write.
        await Patience.UntilAsync(() => storage.Script.Meeting.Missing == "deleted");
        var user = (await storage.RowsAsync("Users")).Single(row => row.PartitionKey == "alice-subject");
        user["DeletedAt"] = server.Clock.GetUtcNow();
        user["Disabled"] = true;
        user["Claims"] = "{}";
        await storage["Users"].UpdateEntityAsync(user, user.ETag, TableUpdateMode.Replace);
        await storage.Script.Meeting.ArriveAsync("deleted");
        // It may make a new account of that name, or say that it could not.
        await Record.ExceptionAsync(() => import);
        var left = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
        Assert.Equal((true, 0), (left.Disabled, left.Claims.Count));
        Assert.False(left.Trusts(server.Clock.GetUtcNow()));
    }

    private static async Task<JsonAnswer?> LoginAsync(ClientApp app, Browser browser)
    {
        var answer = await browser.AuthorizeAsync(new AuthorizationParameters("web", scope: "openid offline_access"));
        return answer.Parameters.TryGetValue("code", out var code) ? await app.RedeemAsync(code) : null;
    }

    private static async Task<bool> DeleteAsync(RunningServer server, User user)
    {
        try
        {
            await server.Get<AccountDeletion>().DeleteAsync(user, server.Clock.GetUtcNow(), default);
            return true;
        }
        catch (Protocol.Errors.TemporarilyUnavailableException)
        {
            return false;
        }
    }
}
