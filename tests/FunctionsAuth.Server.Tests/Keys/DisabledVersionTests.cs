using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultScene;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Somebody disables the version that signs while an instance still counts on it: it reads the versions again, once, and goes on.</summary>
public sealed class DisabledVersionTests : IAsyncLifetime
{
    private VaultScene scene = null!;
    private RunningServer server = null!;
    private KeyProperties signing = null!;
    private string kid = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync()
    {
        scene = await WithKeysAsync();
        signing = (await Vault.Keys.RotateKeyAsync(Rsa)).Value.Properties;
        scene.Clock.Advance(TimeSpan.FromDays(1));
        server = await scene.StartAsync();
        kid = KidOf(await server.TokenAsync());
        Vault.Forget();
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task The_request_that_meets_it_gets_tokens_of_the_version_before()
    {
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");
        await DisableAsync();
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        Assert.NotEqual(kid, KidOf(tokens.IdToken));
        var published = await PublishedKeys.ReadAsync(server);
        Assert.True(published.Verify(tokens.IdToken) && published.Verify(tokens.AccessToken));
        Assert.DoesNotContain(kid, published.Kids);
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal((1, 0, 0), (Vault.Count("versions signing-rsa"), Vault.Count("versions signing-ec"), Vault.Count("get")));
        Assert.Equal(200, (await server.ReadyAsync()).Status);
    }

    [Fact]
    public async Task Fifty_requests_that_meet_it_at_once_cause_one_reading()
    {
        await DisableAsync();
        // All are under way before the first learns that it is refused.
        Vault.Meeting = new Rendezvous([.. Enumerable.Repeat("sign", 50)]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.AskAsync()));
        Assert.All(answers, answer => Assert.NotEqual(kid, KidOf(answer.ShouldBeOk().AccessToken)));
        Assert.Equal((100, 1), (Vault.Count("sign"), Vault.Count("versions")));
    }

    [Fact]
    public async Task While_that_reading_takes_long_all_wait_for_it()
    {
        await DisableAsync();
        var gate = Vault.Hold("versions");
        var answers = Enumerable.Range(0, 10).Select(_ => server.AskAsync()).ToList();
        await Patience.UntilAsync(() => Vault.Count("sign") == 10);
        await gate.ReachedAsync();
        gate.Open();
        Assert.All(await Task.WhenAll(answers), answer => answer.ShouldBeOk());
        Assert.Equal(1, Vault.Count("versions"));
    }

    [Fact]
    public async Task Where_the_right_to_sign_is_gone_the_versions_are_read_again_every_ten_seconds_at_most()
    {
        Vault.Fail("sign", () => ScriptedVaultFaults.Status(403));
        await ShouldBeUnavailableAsync();
        Assert.Equal(1, Vault.Count("versions"));
        scene.Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        await ShouldBeUnavailableAsync();
        Assert.Equal(1, Vault.Count("versions"));
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await ShouldBeUnavailableAsync();
        Assert.Equal(2, Vault.Count("versions"));
        Assert.Equal(503, (await server.ReadyAsync()).Status);

        async Task ShouldBeUnavailableAsync() => Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.AskAsync())), answer => answer.ShouldBeUnavailable());
    }

    [Fact]
    public async Task Where_every_version_is_disabled_the_readiness_check_says_so()
    {
        await DisableAsync();
        await foreach (var version in Vault.Keys.GetPropertiesOfKeyVersionsAsync(Rsa))
        {
            version.Enabled = false;
            await Vault.Keys.UpdateKeyPropertiesAsync(version);
        }
        (await server.AskAsync()).ShouldBeUnavailable();
        (await server.AskAsync()).ShouldBeUnavailable();
        var ready = await server.ReadyAsync();
        Assert.Equal(503, ready.Status);
        Assert.Equal(("no key is enabled", "no key is enabled", "ok"), (ready.SaysOf("RS256"), ready.SaysOf("PS256"), ready.SaysOf("ES256")));
        Assert.Equal(0, Vault.Count("create"));
    }

    private async Task DisableAsync()
    {
        signing.Enabled = false;
        await Vault.Keys.UpdateKeyPropertiesAsync(signing);
    }
}
