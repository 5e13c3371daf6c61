using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>A vault that takes a call and never answers, whoever cancels it: every request is answered after 5 seconds, and after 2 where another vault can help.</summary>
public sealed class HangingVaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LimitBeforeOthers = TimeSpan.FromSeconds(2);

    private VaultScene scene = null!;

    private ScriptedVault Vault => scene.Vault;

    public async Task InitializeAsync() => scene = await VaultScene.WithKeysAsync(2);

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task When_signing_hangs_no_code_and_no_refresh_token_is_lost()
    {
        scene.Vaults.RemoveAt(1);
        using var counts = new ScriptedVaultCounts(Vault);
        var server = await scene.StartAsync(("Lifetimes:RefreshTokenGrace", "00:00:00"));
        var (web, atHash, browser) = (new ClientApp(server), new ClientApp(server, "post"), new Browser(server));
        var tokens = (await web.LoginAsync(browser: browser)).ShouldBeOk();
        var code = await browser.CodeAsync(web, "web", "openid offline_access");
        // This client's ID token has the hash of its access token, so that one is signed after the other.
        var other = await browser.CodeAsync(atHash, "post", "openid");
        Vault.Hang("sign");
        Vault.Forget();
        var answers = await InTimeAsync(() => Vault.Count("sign") == 6, server.AskAsync, () => web.RedeemAsync(code), () => web.RefreshAsync(tokens.RefreshToken), () => atHash.RedeemAsync(other));
        Assert.All(answers, answer => answer.ShouldBeUnavailable());
        Assert.All(counts.SignatureFailures, reason => Assert.Equal("timed_out", reason));
        Assert.Equal(503, (await server.ReadyAsync()).Status);
        await server.JwksAsync();

        Vault.Recover();
        (await web.RedeemAsync(code)).ShouldBeOk();
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await atHash.RedeemAsync(other)).ShouldBeOk();
    }

    [Fact]
    public async Task When_reading_hangs_at_the_start_clients_are_told_to_try_again()
    {
        scene.Vaults.RemoveAt(1);
        Vault.Hang("versions");
        var server = await scene.StartColdAsync();
        var answers = await InTimeAsync(() => Vault.Count("versions") == 2, server.AskAsync, server.JwksAsync);
        Assert.All(answers, answer => answer.ShouldBeUnavailable());
        Vault.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.TokenAsync();
    }

    [Fact]
    public async Task When_reading_hangs_after_an_idle_time_the_last_keys_stay_in_use()
    {
        scene.Vaults.RemoveAt(1);
        var server = await scene.StartAsync();
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        scene.Clock.Advance(TimeSpan.FromMinutes(50));
        Vault.Hang("versions");
        Vault.Forget();
        // All of them wait, and then go on with what was known.
        var answers = await InTimeAsync(() => Vault.Count("versions") == 2, server.JwksAsync, () => web.UserInfoAsync(tokens.AccessToken), server.AskAsync, server.ReadyAsync);
        Assert.Equal([200, 200, 503], [answers[0].Status, answers[1].Status, answers[3].Status]);
        (await server.AskAsync()).ShouldBeOk();
    }

    [Fact]
    public async Task When_one_of_two_vaults_hangs_the_other_signs_and_nobody_waits_again()
    {
        var server = await scene.StartAsync();
        foreach (var vault in scene.Vaults)
            vault.Forget();
        Vault.Hang("sign");
        // Two at once, so that one of them comes to the vault that hangs.
        Assert.All(await InTimeAsync(() => Vault.Count("sign") == 1, LimitBeforeOthers, server.AskAsync, server.AskAsync), answer => answer.ShouldBeOk());
        Assert.Equal(1, Vault.Count("sign"));
        for (var i = 0; i < 10; i++)
            await server.TokenAsync();
        Assert.Equal(1, Vault.Count("sign"));
    }

    [Fact]
    public async Task When_reading_one_of_two_vaults_hangs_at_the_start_the_other_signs()
    {
        Vault.Hang("versions");
        using var counts = new ScriptedVaultCounts(scene.Vaults[1]);
        var server = await scene.StartColdAsync();
        await Patience.UntilAsync(() => counts.KeyReadings.Count == 2);
        var keySet = server.JwksAsync();
        // Who signs waits for less, as another vault can help.
        (await InTimeAsync(() => scene.Clock.Waiting(LimitBeforeOthers) == 1, LimitBeforeOthers, server.AskAsync)).Single().ShouldBeOk();
        Assert.False(keySet.IsCompleted);
        scene.Clock.RunOut(Limit);
        (await keySet).ShouldBeUnavailable();
    }

    private Task<JsonAnswer[]> InTimeAsync(Func<bool> doesHang, params Func<Task<JsonAnswer>>[] requests) => InTimeAsync(doesHang, Limit, requests);

    /// <summary>Sends all at the same time. Those that hang are answered when the limit has passed, and not before.</summary>
    private async Task<JsonAnswer[]> InTimeAsync(Func<bool> doesHang, TimeSpan limit, params Func<Task<JsonAnswer>>[] requests)
    {
        var answers = Task.WhenAll(requests.Select(send => send()));
        await Patience.UntilAsync(doesHang);
        Assert.False(answers.IsCompleted);
        scene.Clock.RunOut(limit);
        return await answers;
    }
}
