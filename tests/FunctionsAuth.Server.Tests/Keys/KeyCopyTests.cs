using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>An instance that starts while its vault can't be read publishes and verifies with the copy of the public keys, and signs nothing.</summary>
public sealed class KeyCopyTests : IAsyncLifetime
{
    private VaultScene scene = null!;
    private RunningServer warm = null!;

    public async Task InitializeAsync()
    {
        scene = await VaultScene.WithKeysAsync();
        warm = await scene.StartAsync();
        await warm.RolloverAsync();
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task It_publishes_the_same_keys_and_takes_the_tokens_of_other_instances()
    {
        var tokens = (await new ClientApp(warm).LoginAsync()).ShouldBeOk();
        scene.Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        var cold = await scene.StartAsync();

        Assert.Equal((await warm.JwksAsync()).Json.GetRawText(), (await cold.JwksAsync()).Json.GetRawText());
        (await new ClientApp(cold).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await new ClientApp(cold).IntrospectAsync(tokens.AccessToken)).IsActive);
        (await cold.AskAsync()).ShouldBeUnavailable();

        scene.Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await cold.TokenAsync();
    }

    [Fact]
    public async Task A_vault_that_hangs_keeps_nobody_waiting_who_only_reads()
    {
        scene.Vault.Hang("versions");
        var cold = await scene.StartColdAsync();
        var first = cold.JwksAsync();
        await Patience.UntilAsync(() => scene.Clock.Waiting(TimeSpan.FromSeconds(5)) >= 2);
        scene.Clock.RunOut(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await first).Status);
        // The next reading is under way and hangs, too.
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await cold.JwksAsync()).Status);
    }

    [Fact]
    public async Task A_copy_is_written_only_when_something_has_changed()
    {
        scene.Storage.Script.Arm();
        await warm.RolloverAsync();
        Assert.Equal(["PublicKeys read", "PublicKeys read"], scene.Storage.Script.Operations.Select(operation => operation.ToString()));
        await scene.MakeKeysAsync(scene.Vault);
        await warm.RolloverAsync();
        await scene.ShouldPublishAsync(warm, keys: 4);
    }

    [Fact]
    public async Task A_key_of_the_copy_that_the_vault_does_not_have_is_removed_and_told()
    {
        var row = (await scene.Storage["PublicKeys"].GetEntityAsync<TableEntity>(scene.Vault.Name, "Rsa")).Value;
        var forged = new ClientKey(FunctionsAuth.Protocol.Keys.SigningKeyType.Rsa);
        var versions = System.Text.Json.Nodes.JsonNode.Parse(row.GetString("Versions"))!.AsArray();
        var one = versions[0]!.DeepClone();
        (one["id"], one["jwk"]) = ("forged", forged.Jwk());
        versions.Add(one);
        row["Versions"] = versions.ToJsonString();
        await scene.Storage["PublicKeys"].UpdateEntityAsync(row, row.ETag);

        await warm.RolloverAsync();
        Assert.Contains(forged.Kid, Assert.Single(warm.Events(2009)), StringComparison.Ordinal);
        await scene.ShouldPublishAsync(warm, keys: 2);
    }

    [Fact]
    public async Task A_key_that_retires_leaves_the_copy_without_a_word()
    {
        await scene.MakeKeysAsync(scene.Vault);
        await warm.RolloverAsync();
        for (var day = 0; day < 4; day++)
        {
            scene.Clock.Advance(TimeSpan.FromDays(1));
            await warm.RolloverAsync();
        }
        await scene.ShouldPublishAsync(warm, keys: 2);
        Assert.Empty(warm.Events(2009));
    }
}

internal static class KeyCopyScenes
{
    /// <summary>That is what the instance publishes, and what one does that can read only the copy.</summary>
    public static async Task ShouldPublishAsync(this VaultScene scene, RunningServer warm, int keys)
    {
        // What the instance read before it may use for a while.
        scene.Clock.Advance(TimeSpan.FromMinutes(11));
        var published = (await warm.JwksAsync()).ShouldBePublic();
        Assert.Equal(keys, published.GetProperty("keys").GetArrayLength());
        scene.Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        var cold = await scene.StartAsync();
        Assert.Equal(published.GetRawText(), (await cold.JwksAsync()).ShouldBePublic().GetRawText());
    }

    private static System.Text.Json.JsonElement ShouldBePublic(this JsonAnswer jwks)
    {
        Assert.Equal(200, jwks.Status);
        return jwks.Json;
    }
}
