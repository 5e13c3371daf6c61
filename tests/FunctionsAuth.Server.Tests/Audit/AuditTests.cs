using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Audit;

/// <summary>The rows of the audit: what stands in them, how they are found, and when they go.</summary>
public sealed class AuditTests
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task A_sign_in_says_from_where_it_came()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = { ["ClientAddress:Source"] = "forwarded", ["ClientAddress:CountryHeader"] = "CF-IPCountry" },
        });
        server.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        server.Http.DefaultRequestHeaders.Add("CF-IPCountry", "CH");
        server.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Firefox);
        var alice = new Browser(server);
        await new ClientApp(server).LoginAsync("openid", alice);
        var signIn = Assert.Single(await FindAsync(server, AuditKind.SignIn));
        Assert.Equal(
            ("alice-subject", "web", "pwd", AuditActor.Person, "203.0.113.7", "Firefox on Windows", "CH"),
            (signIn.Subject, signIn.ClientId, signIn.Detail, signIn.Actor, signIn.Network, signIn.Browser, signIn.Country));
        Assert.Contains("Firefox on Windows", (await alice.AccountAsync("sessions")).Rows()[0], StringComparison.Ordinal);
        // Without ICU a country has no name.
        Assert.Matches("Switzerland|CH", (await alice.AccountAsync("sessions")).Rows()[0]);
    }

    [Theory]
    [InlineData("Switzerland")]
    [InlineData("ch")]
    [InlineData("XX")]
    [InlineData("<b")]
    public async Task A_country_that_is_none_is_left_out(string header)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["ClientAddress:CountryHeader"] = "CF-IPCountry" } });
        server.Http.DefaultRequestHeaders.TryAddWithoutValidation("CF-IPCountry", header);
        await new ClientApp(server).LoginAsync("openid", new Browser(server));
        Assert.Null(Assert.Single(await FindAsync(server, AuditKind.SignIn)).Country);
    }

    [Fact]
    public async Task Without_a_configured_header_nobody_has_a_country()
    {
        await using var server = await RunningServer.StartAsync();
        server.Http.DefaultRequestHeaders.Add("CF-IPCountry", "CH");
        await new ClientApp(server).LoginAsync("openid", new Browser(server));
        Assert.Null(Assert.Single(await FindAsync(server, AuditKind.SignIn)).Country);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Events_are_pruned_when_the_setting_says_so(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Audit:KeepFor", "2.00:00:00")));
        await new ClientApp(server).LoginAsync("openid", new Browser(server));
        server.Clock.Advance(TimeSpan.FromDays(1));
        await PruneAsync();
        Assert.Single(await FindAsync(server, AuditKind.SignIn));
        server.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        await PruneAsync();
        Assert.Empty(await storage.RowsAsync("Audit"));
        // The rows beside the person's go with the last of their 30 days.
        Assert.NotEmpty(await storage.RowsAsync("AuditOfPeople"));
        server.Clock.Advance(TimeSpan.FromDays(30));
        await PruneAsync();
        Assert.Empty(await storage.RowsAsync("AuditOfPeople"));
        Assert.Empty(await storage.RowsAsync("UserSessions"));

        Task PruneAsync() => server.Get<Pruner>().RunAsync(default);
    }

    [Fact]
    public async Task Failed_logins_of_a_stranger_do_not_bury_what_a_person_did()
    {
        await using var server = await RunningServer.StartAsync();
        var alice = new Browser(server);
        await alice.AccountAsync("profile");
        var stranger = new Browser(server);
        var page = await stranger.FollowAsync(await stranger.GetAsync(new AuthorizationParameters().Url));
        for (var i = 0; i < 30; i++)
            await stranger.LoginAsync(page, password: $"wrong-{i}");
        Assert.Equal(20, (await FindAsync(server, AuditKind.SignInFailed)).Count);
        // Another account has room of its own.
        await stranger.LoginAsync(page, "bob", "wrong");
        Assert.Equal(21, (await FindAsync(server, AuditKind.SignInFailed)).Count);
        Assert.Contains((await alice.AccountAsync("activity")).Rows(), row => row.StartsWith("You signed in to Your account.", StringComparison.Ordinal));
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await stranger.LoginAsync(page, password: "wrong once more");
        Assert.Equal(22, (await FindAsync(server, AuditKind.SignInFailed)).Count);
    }

    [Fact]
    public async Task Tokens_are_events_only_where_the_setting_says_so()
    {
        foreach (var isOn in new[] { false, true })
        {
            await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["Audit:Tokens"] = isOn.ToString() } });
            (await new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk();
            var issued = await FindAsync(server, AuditKind.TokensIssued);
            Assert.Equal(isOn ? [("service", "client_credentials")] : [], issued.Select(entry => (entry.ClientId!, entry.Detail!)));
        }
    }

    [Fact]
    public async Task A_sign_in_of_which_no_row_can_be_written_does_not_happen()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var alice = new Browser(server);
        var page = await alice.FollowAsync(await alice.GetAsync(new AuthorizationParameters().Url));
        // Request, name, user, its write; then session, its row beside the user's others, event.
        storage.Script.Arm(new Fault(FaultKind.Status503, false, 6));
        var answer = await alice.LoginAsync(page);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.DoesNotContain(storage.Script.Operations, operation => operation.ToString() == "Grants insert");
        storage.Script.Arm();
        Expect.Code(await alice.LoginAsync(page));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Events_are_found_by_person_client_kind_and_time(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var store = server.Get<IAuditStore>();
        var start = server.Clock.GetUtcNow();
        // Two months, so that several partitions of a person are read.
        foreach (var day in Enumerable.Range(0, 60))
        {
            // One subject is the beginning of another.
            foreach (var subject in new[] { "ada", "ada.b", "ada-b", "Ada" })
                await store.WriteAsync(Event(subject, day % 2 == 0 ? "web" : "other", start.AddDays(day)));
        }
        var all = await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Subject = "ada" }, default);
        Assert.Equal(Enumerable.Range(0, 60).Reverse().Select(day => start.AddDays(day)), all.Select(entry => entry.At));
        Assert.All(all, entry => Assert.Equal("ada", entry.Subject));
        Assert.Equal(7, (await store.FindAsync(new AuditQuery(start, start.AddDays(60), 7) { Subject = "ada" }, default)).Count);
        Assert.Equal(30, (await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Subject = "ada.b", ClientId = "web" }, default)).Count);
        var window = await store.FindAsync(new AuditQuery(start.AddDays(10), start.AddDays(12), 1000), default);
        Assert.Equal(12, window.Count);
        Assert.Equal(window.Select(entry => entry.At).OrderDescending(), window.Select(entry => entry.At));
        Assert.Empty(await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Kind = AuditKind.SignInFailed }, default));

        await store.ForgetAsync("ada", "deleted-1", default);
        Assert.Empty(await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Subject = "ada" }, default));
        Assert.Equal(60, (await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Subject = "ada.b" }, default)).Count);
        var left = await store.FindAsync(new AuditQuery(start, start.AddDays(60), 1000) { Kind = AuditKind.SignIn }, default);
        Assert.Equal(60, left.Count(entry => entry is { Subject: "deleted-1", Network: null, Browser: null, Country: null }));
        Assert.Equal(240, left.Count);
    }

    private static AuditEvent Event(string subject, string clientId, DateTimeOffset at) => new()
    {
        Kind = AuditKind.SignIn,
        At = at,
        Actor = AuditActor.Person,
        Subject = subject,
        ClientId = clientId,
        Network = "203.0.113.7",
        Browser = "Firefox",
        Country = "CH",
    };

    private static Task<IReadOnlyList<AuditEvent>> FindAsync(RunningServer server, AuditKind kind)
    {
        var now = server.Clock.GetUtcNow();
        return server.Get<IAuditStore>().FindAsync(new AuditQuery(now - TimeSpan.FromDays(30), now, 100) { Kind = kind }, default);
    }
}
