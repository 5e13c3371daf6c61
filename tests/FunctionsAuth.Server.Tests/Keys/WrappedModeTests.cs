using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>From keys in the vault to wrapped keys and back, on the same tables and the same vault, and no token ever fails to verify.</summary>
public sealed class WrappedModeTests : IAsyncLifetime
{
    private const string Wrapping = "wrapping-rsa";
    private static readonly TimeSpan Announce = TimeSpan.FromHours(24);

    private VaultScene scene = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync() => scene = await VaultScene.WithKeysAsync();

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task The_keys_of_the_vault_sign_until_the_wrapped_ones_were_announced_and_every_token_verifies_all_the_way()
    {
        var vaultOnly = await scene.StartAsync();
        var inVault = KidOf(await vaultOnly.TokenAsync());

        // During the change an instance of the old setting and one of the new one run side by side.
        var both = await StartAsync("wrapped,vault");
        Assert.Equal(4, (await PublishedKeys.ReadAsync(both)).Kids.Count());
        var token = await both.TokenAsync();
        Assert.Equal(inVault, KidOf(token));
        await ShouldVerifyAsync(token, vaultOnly, both);
        scene.Clock.Advance(Announce - TimeSpan.FromSeconds(1));
        var lastOfVault = await both.TokenAsync();
        Assert.Equal(inVault, KidOf(lastOfVault));
        await ShouldVerifyAsync(lastOfVault, vaultOnly, both);

        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        Vault.Forget();
        token = await both.TokenAsync();
        var wrapped = KidOf(token);
        Assert.NotEqual(inVault, wrapped);
        await ShouldVerifyAsync(token, both);
        await ShouldVerifyAsync(lastOfVault, both);
        Assert.Equal(0, Vault.Count("sign"));

        // A token lives for a day at most: then the vault's keys may go.
        scene.Clock.Advance(TimeSpan.FromHours(25));
        await both.RolloverAsync();
        var wrappedOnly = await StartAsync("wrapped");
        token = await wrappedOnly.TokenAsync();
        Assert.Equal(wrapped, KidOf(token));
        await ShouldVerifyAsync(token, both, wrappedOnly);
        Assert.Equal(2, (await PublishedKeys.ReadAsync(wrappedOnly)).Kids.Count());
    }

    [Fact]
    public async Task And_back_by_publishing_the_keys_of_the_vault_before_they_sign()
    {
        string[] modes = ["wrapped", "wrapped,vault", "vault,wrapped", "vault"];
        RunningServer? before = null;
        List<string> kids = [];
        foreach (var mode in modes)
        {
            var server = await StartAsync(mode);
            var token = await server.TokenAsync();
            // What is signed after a change verifies by the set that was published before it, and the other way round.
            await ShouldVerifyAsync(token, [server, .. before is null ? Array.Empty<RunningServer>() : [before]]);
            kids.Add(KidOf(token));
            scene.Clock.Advance(TimeSpan.FromHours(25));
            await server.RolloverAsync();
            await ShouldVerifyAsync(await server.TokenAsync(), server);
            before = server;
        }
        Assert.Equal([kids[0], kids[0], kids[2], kids[2]], kids);
        Assert.NotEqual(kids[0], kids[2]);
        Assert.Equal(2, (await PublishedKeys.ReadAsync(before!)).Kids.Count());
    }

    [Fact]
    public async Task New_keys_of_the_vault_are_announced_before_they_take_over_from_wrapped_ones()
    {
        await using var empty = new VaultScene();
        var wrappedOnly = await empty.StartAsync(("Keys:Mode", "wrapped"));
        var wrapped = KidOf(await wrappedOnly.TokenAsync());
        empty.Clock.Advance(TimeSpan.FromDays(2));
        var both = await empty.StartAsync(("Keys:Mode", "vault,wrapped"));
        var token = await both.TokenAsync();
        Assert.Equal(wrapped, KidOf(token));
        await ShouldVerifyAsync(token, wrappedOnly, both);
        empty.Clock.Advance(Announce - TimeSpan.FromSeconds(1));
        Assert.Equal(wrapped, KidOf(await both.TokenAsync()));
        empty.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(wrapped, KidOf(await both.TokenAsync()));
    }

    [Fact]
    public async Task A_reserve_makes_no_keys_and_is_not_rotated()
    {
        await using var empty = new VaultScene();
        var server = await empty.StartAsync(("Keys:Mode", "wrapped,vault"));
        await server.TokenAsync();
        Assert.Equal([Wrapping], empty.Vault.Calls.Where(call => call.Kind == "create").Select(call => call.Key).Distinct());
        empty.Clock.Advance(TimeSpan.FromDays(91));
        await server.RolloverAsync();
        Assert.DoesNotContain(empty.Vault.Calls, call => call.Kind is "policy" || (call.Kind == "create" && call.Key != Wrapping));
        // The wrapped ones are.
        Assert.Equal(4, (await PublishedKeys.ReadAsync(server)).Kids.Count());
    }

    [Theory]
    [InlineData("403")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("time-out of each try")]
    public async Task Where_the_vault_does_not_unwrap_the_reserve_signs(string fault)
    {
        await StartAsync("wrapped,vault");
        scene.Clock.Advance(Announce);
        Vault.Fail("unwrap", () => ScriptedVaultFaults.Named(fault));
        var server = await StartAsync("wrapped,vault");
        Vault.Forget();
        for (var i = 0; i < 3; i++)
            await ShouldVerifyAsync(await server.TokenAsync(), server);
        Assert.Equal((1, 3), (Vault.Count("unwrap"), Vault.Count("sign")));
        Assert.Single(server.Events(2005));

        Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 3; i++)
            await ShouldVerifyAsync(await server.TokenAsync(), server);
        Assert.Equal((2, 3), (Vault.Count("unwrap"), Vault.Count("sign")));
    }

    [Fact]
    public async Task Without_a_reserve_the_client_is_told_to_try_again()
    {
        Vault.Fail("unwrap", () => ScriptedVaultFaults.Throttled(9));
        var server = await StartAsync("wrapped");
        var answer = await server.AskAsync();
        answer.ShouldBeUnavailable();
        Assert.Equal(TimeSpan.FromSeconds(9), answer.Response.Headers.RetryAfter!.Delta);
        Assert.Equal(2, (await PublishedKeys.ReadAsync(server)).Kids.Count());
        Assert.Equal(503, (await server.ReadyAsync()).Status);
        Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(9));
        await server.TokenAsync();
    }

    [Fact]
    public async Task Each_instance_unwraps_a_key_once_and_then_needs_the_vault_no_more()
    {
        var one = await StartAsync("wrapped");
        var row = (await scene.Storage["SigningKeys"].GetEntityIfExistsAsync<TableEntity>("Rsa", "00000001")).Value!;
        var version = row.GetString("WrappingVersion");
        string[] made = ["get wrapping-rsa", "create wrapping-rsa RSA 2048 wrapKey,unwrapKey"];
        Assert.Subset(made.ToHashSet(), Vault.Calls.Where(call => call.Kind is "get" or "create").Select(call => call.ToString()).ToHashSet());
        Assert.Equal(2, Vault.Calls.Count(call => call.Kind == "wrap" && call.Details == "RSA-OAEP-256" && call.Data.Length == 32));

        Vault.Forget();
        var two = await StartAsync("wrapped");
        Assert.Empty(Vault.Calls);
        foreach (var server in (RunningServer[])[one, two])
        {
            Vault.Forget();
            // Twenty at once: one of them opens the key, and all wait for that.
            var gate = Vault.Hold("unwrap");
            var answers = Enumerable.Range(0, 20).Select(_ => server.AskAsync()).ToList();
            await gate.ReachedAsync();
            gate.Open();
            Assert.All(await Task.WhenAll(answers), answer => answer.ShouldBeOk());
            Assert.Equal($"unwrap wrapping-rsa/{version} RSA-OAEP-256", Assert.Single(Vault.Calls).ToString());
            Vault.Before = _ => throw ScriptedVaultFaults.Status(500);
            await ShouldVerifyAsync(await server.TokenAsync(), one, two);
            Vault.Recover();
        }
    }

    [Fact]
    public async Task A_damaged_row_signs_nothing_and_the_reserve_does()
    {
        var server = await StartAsync("wrapped,vault");
        scene.Clock.Advance(Announce);
        await foreach (var row in scene.Storage["SigningKeys"].QueryAsync<TableEntity>())
        {
            var secret = row.GetBinary("Encrypted")!;
            secret[20] ^= 1;
            row["Encrypted"] = secret;
            await scene.Storage["SigningKeys"].UpdateEntityAsync(row, row.ETag);
        }
        await ShouldVerifyAsync(await server.TokenAsync(), server);
        Assert.Equal(1, Vault.Count("sign"));
        Assert.Contains("Rsa/00000001 of the signing keys is damaged", Assert.Single(server.Events(2005)), StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync(string mode) => scene.StartAsync(("Keys:Mode", mode));

    private static async Task ShouldVerifyAsync(string token, params RunningServer[] servers)
    {
        foreach (var server in servers)
            Assert.True((await PublishedKeys.ReadAsync(server)).Verify(token));
    }
}
