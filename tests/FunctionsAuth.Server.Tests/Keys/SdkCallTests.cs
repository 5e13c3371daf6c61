using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultScene;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Which calls of the SDK reach the vault, with which parameters: each costs money and time, and some need a right.</summary>
public sealed class SdkCallTests
{
    [Fact]
    public async Task At_the_start_the_versions_are_listed_and_the_public_key_of_each_is_fetched()
    {
        await using var scene = await WithKeysAsync();
        await scene.Vault.Keys.RotateKeyAsync(Rsa);
        await scene.StartColdAsync();
        await Patience.UntilAsync(() => scene.Vault.Calls.Count == 5);
        string[] expected = ["versions signing-ec", "versions signing-rsa", .. await GetsAsync(scene, Rsa), .. await GetsAsync(scene, Ec)];
        Assert.Equal(expected.Order(), TextOf(scene.Vault.Calls));
    }

    [Fact]
    public async Task The_keys_are_those_that_the_settings_name()
    {
        await using var scene = new VaultScene();
        var server = await scene.StartAsync(("Keys:RsaKeyName", "my-rsa"), ("Keys:EcKeyName", "my-ec"));
        await server.TokenAsync();
        Assert.Equal(["my-ec", "my-rsa"], scene.Vault.Calls.Select(call => call.Key).Distinct().Order());
    }

    [Fact]
    public async Task The_first_keys_may_sign_and_verify_and_nothing_else()
    {
        await using var scene = new VaultScene();
        await scene.StartAsync();
        Assert.Equal(
            ["create signing-ec EC P-256 sign,verify", "create signing-rsa RSA 2048 sign,verify"],
            TextOf(scene.Vault.Calls.Where(call => call.Kind == "create")));
        Assert.Equal([.. await GetsAsync(scene, Ec), .. await GetsAsync(scene, Rsa)], TextOf(scene.Vault.Calls.Where(call => call.Kind == "get")));
        Assert.Equal(["create", "get", "versions"], scene.Vault.Calls.Select(call => call.Kind).Distinct().Order());
    }

    [Fact]
    public async Task A_refresh_lists_the_versions_and_fetches_only_the_public_keys_that_are_new_and_enabled()
    {
        await using var scene = await WithKeysAsync();
        var server = await scene.StartAsync();
        var known = await GetsAsync(scene, Rsa);
        await RefreshAsync(0);

        await scene.Vault.Keys.RotateKeyAsync(Rsa);
        var added = (await GetsAsync(scene, Rsa)).Except(known).ToArray();
        await RefreshAsync(1);
        Assert.Equal(added, TextOf(scene.Vault.Calls.Where(call => call.Kind == "get")));

        var disabled = (await scene.Vault.Keys.RotateKeyAsync(Rsa)).Value.Properties;
        disabled.Enabled = false;
        await scene.Vault.Keys.UpdateKeyPropertiesAsync(disabled);
        await RefreshAsync(0);

        async Task RefreshAsync(int fetched)
        {
            scene.Vault.Forget();
            scene.Clock.Advance(TimeSpan.FromMinutes(10));
            await server.JwksAsync();
            Assert.Equal((1, 1, fetched), (scene.Vault.Count("versions signing-ec"), scene.Vault.Count("versions signing-rsa"), scene.Vault.Count("get")));
            Assert.Equal(2 + fetched, scene.Vault.Calls.Count);
        }
    }

    [Theory]
    [InlineData("RS256", Rsa)]
    [InlineData("PS256", Rsa)]
    [InlineData("ES256", Ec)]
    public async Task The_vault_signs_the_digest_of_the_signing_input_with_one_very_version(string algorithm, string key)
    {
        await using var scene = await WithKeysAsync();
        var server = await scene.StartAsync(("AccessTokenAlgorithm", algorithm));
        scene.Vault.Forget();
        var token = await server.TokenAsync();
        var call = Assert.Single(scene.Vault.Calls);
        Assert.Equal($"sign {await OnlyVersionAsync(scene, key)} {algorithm}", call.ToString());
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')])), call.Data);
        Assert.True((await PublishedKeys.ReadAsync(server)).Verify(token));
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_vault_for_the_JWKS_for_userinfo_or_for_introspection()
    {
        await using var scene = await WithKeysAsync();
        var server = await scene.StartAsync();
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        scene.Vault.Forget();
        await server.JwksAsync();
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk();
        await server.ReadyAsync();
        Assert.Empty(scene.Vault.Calls);
    }

    [Fact]
    public async Task Retiring_a_version_disables_that_one_and_changes_nothing_else_of_it()
    {
        await using var scene = await WithKeysAsync();
        var (old, _) = (await OnlyVersionAsync(scene, Rsa), await scene.Vault.Keys.RotateKeyAsync(Rsa));
        var server = await scene.StartAsync();
        // The new one is announced for a day, then the last token of the old one may live for another.
        scene.Clock.Advance(TimeSpan.FromHours(49));
        scene.Vault.Forget();
        await server.RolloverAsync();
        Assert.Equal($"update {old} Enabled=False", Assert.Single(scene.Vault.Calls, call => call.Kind == "update").ToString());
        Assert.DoesNotContain(scene.Vault.Calls, call => call.Kind is "create" or "policy");
    }

    [Fact]
    public async Task The_rotation_policy_is_asked_for_only_when_a_new_version_is_due()
    {
        await using var scene = await WithKeysAsync();
        var server = await scene.StartAsync();
        scene.Clock.Advance(TimeSpan.FromDays(88) - TimeSpan.FromSeconds(1));
        await server.RolloverAsync();
        Assert.DoesNotContain(scene.Vault.Calls, call => call.Kind is "create" or "policy");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        scene.Vault.Forget();
        await server.RolloverAsync();
        Assert.Equal(
            ["create signing-ec EC P-256 sign,verify", "create signing-rsa RSA 2048 sign,verify", "policy signing-ec", "policy signing-rsa"],
            TextOf(scene.Vault.Calls.Where(call => call.Kind is "create" or "policy")));
    }

    private static IEnumerable<string> TextOf(IEnumerable<VaultCall> calls) => calls.Select(call => call.ToString()).Order();

    /// <summary>The calls that fetch each version of a key.</summary>
    private static async Task<string[]> GetsAsync(VaultScene scene, string key)
    {
        List<string> gets = [];
        await foreach (var version in scene.Vault.Keys.GetPropertiesOfKeyVersionsAsync(key))
            gets.Add($"get {key}/{version.Version}");
        return [.. gets.Order()];
    }

    private static async Task<string> OnlyVersionAsync(VaultScene scene, string key) => Assert.Single(await GetsAsync(scene, key))["get ".Length..];
}
