using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>Who took part in a session: a row a client beside that of the session, however often it asks.</summary>
public sealed class SessionClientTests
{
    private const int Many = 20;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Many_codes_at_once_leave_one_row(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var scene = await LogoutScene.StartAsync(storage.Setup());
        var app = await scene.AddAsync("told");
        var browser = new Browser(scene.Server);
        await browser.SignInAgainAsync();
        Assert.Equal(1, await storage.CountAsync("Sessions"));

        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat("Sessions upsert", Many)]);
        var request = new AuthorizationParameters("told").Url;
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => browser.GetAsync(request))));
        Assert.True(storage.Script.Meeting.IsComplete, $"{storage.Script.Meeting.Missing} did not come");
        storage.Script.Meeting = null;
        Assert.Equal(2, await storage.CountAsync("Sessions"));

        var login = (await app.RedeemAsync(answers[0].Parameters["code"])).ShouldBeOk();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal([login.Sid()], scene.SidsOf("told"));
    }

    [Fact]
    public async Task It_is_written_beside_the_grant_and_takes_no_time_of_its_own()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var scene = await LogoutScene.StartAsync(storage.Setup());
        await scene.AddAsync("told");
        var browser = new Browser(scene.Server);
        await browser.SignInAgainAsync();
        storage.Script.Meeting = new Rendezvous("Sessions upsert", "Grants insert");
        Assert.Contains("code", (await browser.GetAsync(new AuthorizationParameters("told").Url)).Parameters.Keys);
        Assert.True(storage.Script.Meeting.IsComplete, $"{storage.Script.Meeting.Missing} did not come");
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Two_sessions_in_one_hour_do_not_see_the_clients_of_each_other(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var scene = await LogoutScene.StartAsync(storage.Setup());
        // More than there are shards, so that some stand in one partition.
        var sessions = new List<(Browser Browser, JsonAnswer Login)>();
        for (var i = 0; i < 17; i++)
        {
            var browser = new Browser(scene.Server);
            sessions.Add((browser, (await (await scene.AddAsync($"client-{i}")).LoginAsync("openid", browser)).ShouldBeOk()));
        }
        foreach (var (browser, login) in sessions)
            (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        for (var i = 0; i < sessions.Count; i++)
            Assert.Equal([sessions[i].Login.Sid()], scene.SidsOf($"client-{i}"));
    }

    [Fact]
    public async Task The_row_is_pruned_with_the_hour_of_its_session()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var scene = await LogoutScene.StartAsync(storage.Setup());
        var app = await scene.AddAsync("told");
        var browser = new Browser(scene.Server);
        await browser.LogoutAsync((await app.LoginAsync("openid", browser)).ShouldBeOk());
        Assert.Equal(1, await storage.CountAsync("Sessions"));
        scene.Server.Clock.Advance(TimeSpan.FromHours(14));
        await new PruneFunction(scene.Server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);
        Assert.Equal(0, await storage.CountAsync("Sessions"));
    }

    [Fact]
    public async Task A_client_without_logout_addresses_leaves_no_row()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var scene = await LogoutScene.StartAsync(storage.Setup());
        await new ClientApp(scene.Server).LoginAsync("openid", new Browser(scene.Server));
        Assert.Equal(1, await storage.CountAsync("Sessions"));
    }
}
