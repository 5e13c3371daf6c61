using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Several vaults, all well: they share the work, and the JWKS has the keys of all.</summary>
public sealed class SeveralVaultsTests : IAsyncLifetime
{
    private static readonly TimeSpan Announce = TimeSpan.FromHours(24);

    private VaultScene scene = null!;

    public async Task InitializeAsync() => scene = await VaultScene.WithKeysAsync(3);

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task Signatures_spread_evenly_and_the_JWKS_has_the_keys_of_all()
    {
        var server = await scene.StartAsync();
        List<string> tokens = [];
        for (var i = 0; i < 30; i++)
            tokens.Add(await server.TokenAsync());
        Assert.Equal([10, 10, 10], scene.Vaults.Select(vault => vault.Count("sign")));
        var published = await PublishedKeys.ReadAsync(server);
        Assert.All(tokens, token => Assert.True(published.Verify(token)));
        Assert.Equal((6, 3, 3), (published.Kids.Count(), published.KidsOf("RS256").Count(), published.KidsOf("ES256").Count()));
        Assert.Equal(3, tokens.Select(KidOf).Distinct().Count());
        Assert.Equal("ok", (await server.ReadyAsync()).SaysOf("RS256"));
    }

    [Fact]
    public async Task Signatures_that_are_made_at_the_same_time_spread_as_well()
    {
        var server = await scene.StartAsync();
        foreach (var vault in scene.Vaults)
            vault.Meeting = new Rendezvous([.. Enumerable.Repeat("sign", 5)]);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => server.AskAsync())), answer => answer.ShouldBeOk());
        Assert.Equal([5, 5, 5], scene.Vaults.Select(vault => vault.Count("sign")));
    }

    [Fact]
    public async Task The_keys_of_a_vault_that_was_added_do_not_sign_before_they_were_announced()
    {
        var before = await scene.StartAsync();
        scene.Vaults.Add(new ScriptedVault(scene.Clock));
        // The first instance with the new setting makes its keys.
        var after = await scene.StartAsync();
        Assert.Equal(2, scene.Vaults[3].Count("create"));
        Assert.Equal(8, (await PublishedKeys.ReadAsync(after)).Kids.Count());
        foreach (var wait in (TimeSpan[])[TimeSpan.Zero, Announce - TimeSpan.FromSeconds(1)])
        {
            scene.Clock.Advance(wait);
            for (var i = 0; i < 8; i++)
            {
                var token = await after.TokenAsync();
                // An instance that still runs with the old setting knows its key.
                Assert.True((await PublishedKeys.ReadAsync(before)).Verify(token));
            }
        }
        Assert.Equal(0, scene.Vaults[3].Count("sign"));
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 8; i++)
            await after.TokenAsync();
        Assert.Equal(2, scene.Vaults[3].Count("sign"));
    }

    [Fact]
    public async Task Nor_when_the_other_vaults_can_not_be_read_at_the_start()
    {
        var known = scene.Vaults.ToList();
        scene.Vaults.Add(new ScriptedVault(scene.Clock));
        foreach (var vault in known)
            vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        var server = await scene.StartAsync();
        (await server.AskAsync()).ShouldBeUnavailable();
        Assert.Equal(0, scene.Vaults[3].Count("sign"));
        // One of those that clients know is enough.
        known[0].Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
            await server.TokenAsync();
        Assert.Equal((4, 0), (known[0].Count("sign"), scene.Vaults[3].Count("sign")));
    }

    [Fact]
    public async Task A_vault_that_is_taken_away_takes_its_keys_along()
    {
        var before = await scene.StartAsync();
        var gone = scene.Vaults[2];
        scene.Vaults.RemoveAt(2);
        gone.Forget();
        var after = await scene.StartAsync();
        for (var i = 0; i < 6; i++)
            await after.TokenAsync();
        Assert.Empty(gone.Calls);
        Assert.Equal(4, (await PublishedKeys.ReadAsync(after)).Kids.Count());
        Assert.Equal(6, (await PublishedKeys.ReadAsync(before)).Kids.Count());
    }

    [Fact]
    public async Task Each_vault_makes_its_own_first_keys_and_rotates_by_itself()
    {
        await using var empty = new VaultScene(2);
        var server = await empty.StartAsync();
        Assert.Equal([2, 2], empty.Vaults.Select(vault => vault.Count("create")));
        empty.Clock.Advance(TimeSpan.FromDays(10));
        await empty.Vaults[1].Keys.RotateKeyAsync(VaultScene.Rsa);
        empty.Clock.Advance(TimeSpan.FromDays(80));
        await server.RolloverAsync();
        Assert.Equal([4, 3], empty.Vaults.Select(vault => vault.Count("create")));
    }
}
