using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>The keys can't be read: at the start nothing works until they can, and later nobody notices but the operator.</summary>
public sealed class ReadingFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);

    private VaultScene scene = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync() => scene = await VaultScene.WithKeysAsync();

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData("versions", "403")]
    [InlineData("versions", "429")]
    [InlineData("versions", "503")]
    [InlineData("versions", "time-out of each try")]
    [InlineData("versions", "no credential")]
    [InlineData("get", "403")]
    [InlineData("get", "404")]
    [InlineData("get", "500")]
    public async Task At_the_start_clients_are_told_to_try_again_and_a_second_after_the_vault_answers_all_works(string call, string fault)
    {
        Vault.Fail(call, () => ScriptedVaultFaults.Named(fault));
        using var counts = new ScriptedVaultCounts(Vault);
        var server = await scene.StartAsync();
        (await server.AskAsync()).ShouldBeUnavailable();
        (await server.JwksAsync()).ShouldBeUnavailable();
        var ready = await server.ReadyAsync();
        Assert.Equal((503, "not ready"), (ready.Status, ready["status"]));
        Assert.All((string[])["RS256", "PS256", "ES256"], algorithm => Assert.Equal("the key vault is not available", ready.SaysOf(algorithm)));
        // Once for each key: within a second nobody asks the vault again.
        Assert.Equal(["failed", "failed"], counts.KeyReadings);
        Assert.Equal(2, server.Events(2001).Count);
        Assert.All(server.Events(2001), line => Assert.Contains($"{Vault.Name} could not be read; there are none to use", line, StringComparison.Ordinal));

        Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var token = await server.TokenAsync();
        Assert.True((await PublishedKeys.ReadAsync(server)).Verify(token));
        Assert.Equal(200, (await server.ReadyAsync()).Status);
    }

    [Fact]
    public async Task A_first_key_that_may_not_be_made_is_the_same()
    {
        await using var empty = new VaultScene();
        empty.Vault.Fail("create", () => ScriptedVaultFaults.Status(403));
        var server = await empty.StartAsync();
        (await server.AskAsync()).ShouldBeUnavailable();
        Assert.Equal(503, (await server.ReadyAsync()).Status);
        Assert.Equal(2, server.Events(2001).Count);
        // The operator makes it by hand.
        await empty.MakeKeysAsync(empty.Vault);
        empty.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.TokenAsync();
        Assert.Equal(200, (await server.ReadyAsync()).Status);
        Assert.Empty(server.Events(2004));
    }

    [Fact]
    public async Task Later_the_keys_that_were_read_last_go_on_signing_and_stay_published()
    {
        var server = await scene.StartAsync();
        var token = await server.TokenAsync();
        Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        using var counts = new ScriptedVaultCounts(Vault);
        scene.Clock.Advance(RefreshEvery);
        await server.JwksAsync();
        await Patience.UntilAsync(() => counts.KeyReadings.Count == 2);

        // For a day.
        for (var hour = 0; hour < 24; hour++)
        {
            scene.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(KidOf(token), KidOf(await server.TokenAsync()));
            Assert.True((await PublishedKeys.ReadAsync(server)).Verify(token));
        }
        Assert.All(counts.KeyReadings, outcome => Assert.Equal("failed", outcome));
        Assert.All(server.Events(2001), line => Assert.Contains("the last ones stay in use", line, StringComparison.Ordinal));
        var ready = await server.ReadyAsync();
        Assert.Equal(503, ready.Status);
        Assert.All((string[])["RS256", "PS256", "ES256"], algorithm => Assert.Equal("the key vault is not available", ready.SaysOf(algorithm)));
    }

    [Fact]
    public async Task A_vault_that_can_not_be_read_is_asked_every_ten_seconds_and_nobody_waits_for_it()
    {
        var server = await scene.StartAsync();
        Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        using var counts = new ScriptedVaultCounts(Vault);
        scene.Clock.Advance(RefreshEvery);
        await server.TokenAsync();
        await Patience.UntilAsync(() => counts.KeyReadings.Count == 1);
        Vault.Forget();
        for (var second = 0; second < 9; second++)
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            await server.TokenAsync();
        }
        Assert.Equal(0, Vault.Count("versions"));

        // The next reading hangs, and the requests go by.
        var gate = Vault.Hold("versions");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
            await server.TokenAsync();
        await gate.ReachedAsync();
        Vault.Recover();
        gate.Open();
        await Patience.UntilAsync(() => counts.KeyReadings.Contains("ok"));
    }

    [Fact]
    public async Task The_server_is_ready_again_when_the_vault_can_be_read_again()
    {
        var server = await scene.StartAsync();
        Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        scene.Clock.Advance(RefreshEvery);
        await Patience.UntilAsync(async () => (await server.ReadyAsync()).Status == 503);
        Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        await Patience.UntilAsync(async () => (await server.ReadyAsync()).Status == 200);
    }
}
