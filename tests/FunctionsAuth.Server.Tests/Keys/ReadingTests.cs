using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultScene;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>When the keys are read, and who waits for that.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);

    private VaultScene scene = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync() => scene = await WithKeysAsync();

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task Requests_that_come_while_the_keys_are_read_at_the_start_wait_for_that_one_reading()
    {
        var gate = Vault.Hold("versions");
        var server = await scene.StartColdAsync();
        await gate.ReachedAsync();
        var answers = Enumerable.Range(0, 20).Select(_ => server.AskAsync()).ToList();
        var sets = Enumerable.Range(0, 20).Select(_ => PublishedKeys.ReadAsync(server)).ToList();
        gate.Open();
        Assert.All(await Task.WhenAll(answers), answer => answer.ShouldBeOk());
        Assert.All(await Task.WhenAll(sets), set => Assert.Equal(2, set.Kids.Count()));
        Assert.Equal((1, 1, 2), (Vault.Count("versions signing-rsa"), Vault.Count("versions signing-ec"), Vault.Count("get")));
    }

    [Fact]
    public async Task Nothing_is_read_before_four_fifths_of_the_time_between_refreshes()
    {
        var server = await scene.StartAsync();
        Vault.Forget();
        scene.Clock.Advance((0.8 * RefreshEvery) - TimeSpan.FromSeconds(1));
        await server.TokenAsync();
        await server.JwksAsync();
        Assert.Equal(0, Vault.Count("versions"));
    }

    [Fact]
    public async Task Instances_that_started_together_do_not_refresh_together()
    {
        List<RunningServer> servers = [];
        for (var i = 0; i < 12; i++)
            servers.Add(await scene.StartAsync());
        Vault.Forget();
        HashSet<int> read = [];
        scene.Clock.Advance(0.8 * RefreshEvery);
        for (var step = 0; step < 5; step++)
        {
            foreach (var server in servers)
                await server.TokenAsync();
            read.Add(Vault.Count("versions signing-rsa"));
            scene.Clock.Advance(0.05 * RefreshEvery);
        }
        Assert.True(read.Count > 2, string.Join(' ', read));
    }

    [Fact]
    public async Task No_request_waits_for_a_refresh_that_is_under_way()
    {
        var server = await scene.StartAsync();
        var token = await server.TokenAsync();
        var gate = Vault.Hold("versions");
        scene.Clock.Advance(RefreshEvery);
        // This one begins it, and those after it meet it.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(KidOf(token), KidOf(await server.TokenAsync()));
            Assert.True((await PublishedKeys.ReadAsync(server)).Verify(token));
            Assert.Equal(200, (await server.ReadyAsync()).Status);
        }
        await gate.ReachedAsync();
        gate.Open();
    }

    [Fact]
    public async Task A_refresh_brings_in_what_is_new()
    {
        var server = await scene.StartAsync();
        await Vault.Keys.RotateKeyAsync(Rsa);
        scene.Clock.Advance(RefreshEvery);
        await Patience.UntilAsync(async () => (await PublishedKeys.ReadAsync(server)).Kids.Count() == 3);
    }

    [Fact]
    public async Task An_instance_that_was_idle_for_twice_the_time_between_refreshes_reads_before_it_answers()
    {
        var server = await scene.StartAsync();
        var token = await server.TokenAsync();
        await Vault.Keys.RotateKeyAsync(Rsa);
        scene.Clock.Advance((2 * RefreshEvery) - TimeSpan.FromSeconds(1));
        var gate = Vault.Hold("versions");
        // Not yet: it answers with what it knows.
        Assert.Equal(2, (await PublishedKeys.ReadAsync(server)).Kids.Count());
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var late = PublishedKeys.ReadAsync(server);
        await gate.ReachedAsync();
        gate.Open();
        Assert.Equal(3, (await late).Kids.Count());
        Assert.True((await late).Verify(token));
    }

    [Fact]
    public async Task One_hundred_requests_after_an_idle_time_wait_for_one_reading()
    {
        var server = await scene.StartAsync();
        Vault.Forget();
        scene.Clock.Advance(TimeSpan.FromHours(3));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(server.AskAsync)));
        Assert.All(answers, answer => answer.ShouldBeOk());
        Assert.Equal(1, Vault.Count("versions signing-rsa"));
    }
}
