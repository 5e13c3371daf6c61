using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultScene;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>What the rollover timer makes: nothing where the vault rotates by itself, and a version where nobody else would.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private VaultScene scene = null!;
    private RunningServer server = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync()
    {
        scene = await WithKeysAsync(2);
        server = await scene.StartAsync();
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task Nothing_is_made_while_a_rotation_policy_rotates()
    {
        Vault.Policy = new KeyRotationPolicy { LifetimeActions = { new(KeyRotationPolicyAction.Notify), new(KeyRotationPolicyAction.Rotate) { TimeAfterCreate = "P60D" } } };
        await RolloverWhenDueAsync();
        Assert.Equal([0, 2], Made());
    }

    [Fact]
    public async Task A_policy_that_only_notifies_makes_no_versions_so_the_timer_does()
    {
        Vault.Policy = new KeyRotationPolicy { LifetimeActions = { new(KeyRotationPolicyAction.Notify) { TimeBeforeExpiry = "P30D" } } };
        await RolloverWhenDueAsync();
        Assert.Equal([2, 2], Made());
        Assert.Equal(4, server.Events(2002).Count);
    }

    [Fact]
    public async Task A_run_that_had_nothing_to_do_says_that_it_ran_and_one_that_failed_does_not()
    {
        await server.RolloverAsync();
        Assert.Single(server.Events(2008));
        Vault.Fail("policy", () => ScriptedVaultFaults.Named("500"));
        await ShouldFailAsync();
        Assert.Single(server.Events(2008));
    }

    [Theory]
    [InlineData("403")]
    [InlineData("404")]
    public async Task Where_the_server_may_not_see_the_policy_its_own_setting_counts(string fault)
    {
        Vault.Fail("policy", () => ScriptedVaultFaults.Named(fault));
        await RolloverWhenDueAsync();
        Assert.Equal([2, 2], Made());
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("time-out of each try")]
    public async Task While_nobody_knows_whether_there_is_a_policy_nothing_is_made(string fault)
    {
        Vault.Fail("policy", () => ScriptedVaultFaults.Named(fault));
        await ShouldFailAsync();
        Assert.Equal([0, 2], Made());
        // The next run finds out.
        Vault.Recover();
        await server.RolloverAsync();
        Assert.Equal([2, 2], Made());
    }

    [Fact]
    public async Task A_refused_creation_is_logged_and_other_types_and_vaults_are_served_by_that_run()
    {
        Vault.Fail("create signing-rsa", () => ScriptedVaultFaults.Status(403));
        await ShouldFailAsync();
        var line = Assert.Single(server.Events(2007));
        Assert.Contains($"Rsa signing key is due, and the server may not make it in {Vault.Name}", line, StringComparison.Ordinal);
        Assert.Equal(3, server.Events(2002).Count);
        Assert.DoesNotContain(server.Events(2002), made => made.Contains($"Rsa signing key was made in {Vault.Name}", StringComparison.Ordinal));
        // It goes on signing with what there is.
        for (var i = 0; i < 4; i++)
            await server.TokenAsync();
    }

    [Fact]
    public async Task A_refused_creation_does_not_keep_retired_versions_enabled()
    {
        await Vault.Keys.RotateKeyAsync(Rsa);
        scene.Clock.Advance(TimeSpan.FromDays(90));
        Vault.Fail("create", () => ScriptedVaultFaults.Status(403));
        await Assert.ThrowsAsync<KeyStoreException>(server.RolloverAsync);
        Assert.Equal(1, Vault.Count("update signing-rsa"));
        Assert.Single(server.Events(2003));
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_does_not_keep_the_timer_from_another()
    {
        Vault.Fail("versions", () => ScriptedVaultFaults.Status(503));
        await ShouldFailAsync();
        Assert.Equal([0, 2], Made());
    }

    [Fact]
    public async Task A_version_that_expires_before_another_one_could_be_announced_is_due()
    {
        // 30 days to live, of which a day for the announcement of the next and a day for the last token.
        var newest = (await Vault.Keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Rsa) { ExpiresOn = scene.Clock.GetUtcNow().AddDays(30) })).Value.Properties;
        scene.Clock.Advance(TimeSpan.FromDays(28) - TimeSpan.FromHours(1));
        await server.RolloverAsync();
        Assert.Equal([0, 0], Made());
        scene.Clock.Advance(TimeSpan.FromHours(1));
        await server.RolloverAsync();
        Assert.Equal([1, 0], Made());
        // And it is there in time: nothing is ever signed with what has expired.
        scene.Clock.Advance(newest.ExpiresOn!.Value - scene.Clock.GetUtcNow());
        for (var i = 0; i < 4; i++)
            await server.TokenAsync();
    }

    [Fact]
    public async Task With_rotation_switched_off_nothing_is_made_and_what_retired_is_disabled()
    {
        var still = await scene.StartAsync(("Keys:RotateEvery", "00:00:00"));
        await Vault.Keys.RotateKeyAsync(Rsa);
        scene.Clock.Advance(TimeSpan.FromDays(400));
        await still.RolloverAsync();
        Assert.Equal([0, 0], Made());
        Assert.Equal((0, 1), (Vault.Count("policy"), Vault.Count("update signing-rsa")));
    }

    private async Task RolloverWhenDueAsync()
    {
        scene.Clock.Advance(TimeSpan.FromDays(90));
        await server.RolloverAsync();
    }

    /// <summary>The host logs it, and runs the function again when its time comes.</summary>
    private async Task ShouldFailAsync()
    {
        scene.Clock.Advance(TimeSpan.FromDays(90));
        await Assert.ThrowsAsync<KeyStoreException>(server.RolloverAsync);
    }

    /// <summary>How many versions were asked of each vault.</summary>
    private IEnumerable<int> Made() => scene.Vaults.Select(vault => vault.Count("create"));
}
