using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>One of three vaults does not sign: no request fails, and the vault is left alone but for a probe now and then.</summary>
public sealed class VaultFailoverTests : IAsyncLifetime
{
    private const string Partly = "ok, but not every key vault is available";

    private VaultScene scene = null!;
    private RunningServer server = null!;

    private ScriptedVault Bad => scene.Vaults[1];

    public async Task InitializeAsync()
    {
        scene = await VaultScene.WithKeysAsync(3);
        server = await scene.StartAsync();
        Bad.Forget();
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("time-out")]
    [InlineData("no credential")]
    public async Task No_request_fails_and_the_keys_of_the_bad_one_stay_published(string fault)
    {
        using var counts = new ScriptedVaultCounts(Bad);
        Bad.Fail("sign", () => ScriptedVaultFaults.Named(fault));
        var published = await PublishedKeys.ReadAsync(server);
        for (var i = 0; i < 12; i++)
            Assert.True(published.Verify(await server.TokenAsync()));
        Assert.Equal(published.Kids, (await PublishedKeys.ReadAsync(server)).Kids);
        Assert.Equal(1, Bad.Count("sign"));
        Assert.Single(counts.SignatureFailures);
        Assert.Single(server.Events(2005));
        var ready = await server.ReadyAsync();
        Assert.Equal((200, "ready", Partly, Partly, "ok"), (ready.Status, ready["status"], ready.SaysOf("RS256"), ready.SaysOf("PS256"), ready.SaysOf("ES256")));
    }

    [Fact]
    public async Task All_requests_that_meet_the_failure_at_once_are_signed_elsewhere()
    {
        Bad.Fail("sign", () => ScriptedVaultFaults.Status(500));
        Bad.Meeting = new Rendezvous([.. Enumerable.Repeat("sign", 5)]);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => server.AskAsync())), answer => answer.ShouldBeOk());
        Assert.Equal(5, Bad.Count("sign"));
        Assert.Single(server.Events(2005));
    }

    [Fact]
    public async Task It_is_probed_by_one_request_only_and_ever_more_seldom()
    {
        Bad.Fail("sign", () => ScriptedVaultFaults.Status(500));
        await AskAsync(6);
        Assert.Equal(1, Bad.Count("sign"));
        foreach (var rest in (int[])[2, 4, 8, 16, 32, 32])
        {
            Bad.Forget();
            scene.Clock.Advance(TimeSpan.FromSeconds(rest) - TimeSpan.FromMilliseconds(1));
            await AskAsync(12);
            Assert.Equal(0, Bad.Count("sign"));
            scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await AskAsync(12);
            Assert.Equal(1, Bad.Count("sign"));
        }
    }

    [Fact]
    public async Task Failures_of_signatures_that_were_under_way_together_count_as_one()
    {
        var gate = new VaultGate();
        Bad.Before = async _ =>
        {
            await gate.PassAsync();
            throw ScriptedVaultFaults.Status(500);
        };
        var asked = Enumerable.Range(0, 6).Select(_ => server.AskAsync()).ToList();
        await Patience.UntilAsync(() => Bad.Count("sign") == 2);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));
        gate.Open();
        Assert.All(await Task.WhenAll(asked), answer => answer.ShouldBeOk());
        // It rests as after one, and not as after two.
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await AskAsync(6);
        Assert.Equal(3, Bad.Count("sign"));
    }

    [Fact]
    public async Task While_a_probe_is_under_way_nobody_else_asks_it()
    {
        Bad.Fail("sign", () => ScriptedVaultFaults.Status(500));
        await AskAsync(6);
        var gate = Bad.Hold("sign");
        Bad.Forget();
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        var asked = Enumerable.Range(0, 30).Select(_ => server.AskAsync()).ToList();
        await gate.ReachedAsync();
        await Patience.UntilAsync(() => asked.Count(task => task.IsCompleted) >= 29);
        Assert.Equal(1, Bad.Count("sign"));
        gate.Open();
        Assert.All(await Task.WhenAll(asked), answer => answer.ShouldBeOk());
    }

    [Fact]
    public async Task It_takes_its_share_again_after_a_probe_that_succeeded()
    {
        Bad.Fail("sign", () => ScriptedVaultFaults.Status(500));
        await AskAsync(6);
        Bad.Recover();
        Bad.Forget();
        await AskAsync(6);
        Assert.Equal(0, Bad.Count("sign"));
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        // Up to two go by before it is its turn.
        await AskAsync(3);
        Bad.Forget();
        await AskAsync(30);
        Assert.Equal(10, Bad.Count("sign"));
        Assert.Single(server.Events(2006));
        Assert.Equal("ok", (await server.ReadyAsync()).SaysOf("RS256"));
    }

    [Fact]
    public async Task A_throttled_one_is_not_probed_before_the_time_that_it_said()
    {
        Bad.Fail("sign", () => ScriptedVaultFaults.Throttled(50));
        await AskAsync(6);
        Bad.Recover();
        Bad.Forget();
        scene.Clock.Advance(TimeSpan.FromSeconds(49));
        await AskAsync(12);
        Assert.Equal(0, Bad.Count("sign"));
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(12);
        Assert.InRange(Bad.Count("sign"), 3, 4);
    }

    [Fact]
    public async Task Not_even_when_the_others_fail_and_then_the_client_is_told_the_shortest_time()
    {
        scene.Vaults[0].Fail("sign", () => ScriptedVaultFaults.Throttled(30));
        scene.Vaults[1].Fail("sign", () => ScriptedVaultFaults.Throttled(20));
        scene.Vaults[2].Fail("sign", () => ScriptedVaultFaults.Throttled(40));
        (await server.AskAsync()).ShouldBeUnavailable();
        foreach (var vault in scene.Vaults)
            vault.Forget();
        var answer = await server.AskAsync();
        answer.ShouldBeUnavailable();
        Assert.Equal(TimeSpan.FromSeconds(20), answer.Response.Headers.RetryAfter!.Delta);
        Assert.All(scene.Vaults, vault => Assert.Empty(vault.Calls));
        var ready = await server.ReadyAsync();
        Assert.Equal((503, "the key vault is not available"), (ready.Status, ready.SaysOf("RS256")));
    }

    [Fact]
    public async Task When_all_fail_the_client_is_told_to_try_again_and_nothing_is_lost()
    {
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");
        foreach (var vault in scene.Vaults)
            vault.Fail("sign", () => ScriptedVaultFaults.Status(500));
        (await web.RedeemAsync(code)).ShouldBeUnavailable();
        Assert.Equal(3, server.Events(2005).Count);
        // Nobody rests when there is no other.
        scene.Vaults[2].Recover();
        (await web.RedeemAsync(code)).ShouldBeOk();
        Assert.Equal(Partly, (await server.ReadyAsync()).SaysOf("RS256"));
    }

    [Fact]
    public async Task One_that_can_not_be_read_any_more_goes_on_signing()
    {
        using var counts = new ScriptedVaultCounts(Bad);
        Bad.Fail("versions", () => ScriptedVaultFaults.Status(500));
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        var published = await PublishedKeys.ReadAsync(server);
        await Patience.UntilAsync(() => counts.KeyReadings.Count == 2);
        await AskAsync(9);
        Assert.Equal(3, Bad.Count("sign"));
        Assert.Equal(published.Kids, (await PublishedKeys.ReadAsync(server)).Kids);
        var ready = await server.ReadyAsync();
        Assert.Equal((200, Partly), (ready.Status, ready.SaysOf("RS256")));
    }

    [Fact]
    public async Task One_that_could_not_be_read_since_the_start_is_done_without_but_no_JWKS_lacks_its_keys()
    {
        Bad.Fail("versions", () => ScriptedVaultFaults.Status(503));
        var second = await scene.StartAsync();
        for (var i = 0; i < 6; i++)
            Assert.True((await PublishedKeys.ReadAsync(server)).Verify(await second.TokenAsync()));
        (await second.JwksAsync()).ShouldBeUnavailable();
        var ready = await second.ReadyAsync();
        Assert.Equal((503, Partly), (ready.Status, ready.SaysOf("RS256")));
        Bad.Recover();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(6, (await PublishedKeys.ReadAsync(second)).Kids.Count());
        Assert.Equal(200, (await second.ReadyAsync()).Status);
    }

    private async Task AskAsync(int times)
    {
        for (var i = 0; i < times; i++)
            await server.TokenAsync();
    }
}
