using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>The vault does not sign: the client is told to try again and loses nothing, and the operator sees which vault and why.</summary>
public sealed class SignatureFailureTests : IAsyncLifetime
{
    private VaultScene scene = null!;
    private RunningServer server = null!;
    private ScriptedVaultCounts counts = null!;

    private ScriptedVault Vault => scene.Vault;

    private ClientApp Web => new(server);

    public async Task InitializeAsync()
    {
        scene = await VaultScene.WithKeysAsync();
        counts = new ScriptedVaultCounts(Vault);
        // Without grace a refresh token that was used is of no use any more.
        server = await scene.StartAsync(("Lifetimes:RefreshTokenGrace", "00:00:00"));
    }

    public async Task DisposeAsync()
    {
        counts.Dispose();
        await scene.DisposeAsync();
    }

    [Theory]
    [InlineData("429", "throttled")]
    [InlineData("400", "refused")]
    [InlineData("401", "refused")]
    [InlineData("403", "refused")]
    [InlineData("404", "refused")]
    [InlineData("408", "timed_out")]
    [InlineData("500", "failed")]
    [InlineData("503", "failed")]
    [InlineData("time-out", "timed_out")]
    [InlineData("time-out of each try", "timed_out")]
    [InlineData("no connection", "failed")]
    [InlineData("no connection at each try", "failed")]
    [InlineData("no credential", "failed")]
    public async Task No_code_and_no_refresh_token_is_lost(string fault, string reason)
    {
        var browser = new Browser(server);
        var tokens = (await Web.LoginAsync(browser: browser)).ShouldBeOk();
        var code = await browser.CodeAsync(Web, "web", "openid offline_access");
        var published = (await PublishedKeys.ReadAsync(server)).Kids.ToList();

        Vault.Fail("sign", () => ScriptedVaultFaults.Named(fault));
        Vault.Forget();
        for (var i = 0; i < 2; i++)
        {
            (await Web.RedeemAsync(code)).ShouldBeUnavailable();
            (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeUnavailable();
        }
        Assert.Equal(published, (await PublishedKeys.ReadAsync(server)).Kids);
        Assert.Equal(Vault.Count("sign"), counts.SignatureFailures.Count);
        Assert.All(counts.SignatureFailures, counted => Assert.Equal(reason, counted));

        Vault.Recover();
        var redeemed = (await Web.RedeemAsync(code)).ShouldBeOk();
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.True((await PublishedKeys.ReadAsync(server)).Verify(redeemed.IdToken));
        (await Web.RedeemAsync(code)).ShouldFail("invalid_grant");
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task An_outage_is_logged_when_it_begins_and_when_it_ends()
    {
        await server.TokenAsync();
        for (var outage = 1; outage <= 2; outage++)
        {
            Vault.Fail("sign", () => ScriptedVaultFaults.Status(500));
            for (var i = 0; i < 5; i++)
                (await server.AskAsync()).ShouldBeUnavailable();
            Assert.Equal((outage, outage - 1), (server.Events(2005).Count, server.Events(2006).Count));
            Vault.Recover();
            for (var i = 0; i < 5; i++)
                await server.TokenAsync();
            Assert.Equal((outage, outage), (server.Events(2005).Count, server.Events(2006).Count));
        }
        Assert.All(server.Events(2005), line => Assert.Contains(Vault.Name, line, StringComparison.Ordinal));
        Assert.All(server.Events(2006), line => Assert.Contains(Vault.Name, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_signs_does_not_hide_the_outage_of_another_one_in_the_same_vault()
    {
        var browser = new Browser(server);
        Vault.Fail("sign signing-rsa", () => ScriptedVaultFaults.Status(500));
        for (var i = 0; i < 3; i++)
        {
            (await server.AskAsync()).ShouldBeUnavailable();
            // One ES256 signature: an access token for that resource, and no ID token.
            (await Web.LoginAsync("other.read", browser)).ShouldBeOk();
        }
        Assert.Equal((1, 0), (server.Events(2005).Count, server.Events(2006).Count));
        var ready = await server.ReadyAsync();
        Assert.Equal(503, ready.Status);
        Assert.Equal(("the key vault is not available", "ok"), (ready.SaysOf("RS256"), ready.SaysOf("ES256")));
    }

    [Fact]
    public async Task The_readiness_check_says_that_the_vault_does_not_sign_until_it_does()
    {
        await ShouldBeReadyAsync();
        Vault.Fail("sign", () => ScriptedVaultFaults.Status(403));
        (await server.AskAsync()).ShouldBeUnavailable();
        await ShouldNotBeReadyAsync();
        Vault.Recover();
        await server.TokenAsync();
        await ShouldBeReadyAsync();
    }

    [Fact]
    public async Task Without_traffic_the_server_is_ready_again_a_minute_after_the_last_failure()
    {
        Vault.Fail("sign", () => ScriptedVaultFaults.Status(500));
        (await server.AskAsync()).ShouldBeUnavailable();
        scene.Clock.Advance(TimeSpan.FromSeconds(50));
        (await server.AskAsync()).ShouldBeUnavailable();
        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        await ShouldNotBeReadyAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await ShouldBeReadyAsync();
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_failure_of_the_vault()
    {
        var gate = Vault.Hold("sign");
        using var away = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Content = new StringContent("grant_type=client_credentials", null, RawRequests.Form) };
        request.Headers.TryAddWithoutValidation("Authorization", RawRequests.Basic("service", RawRequests.SecretOf("service")));
        var asking = server.Http.SendAsync(request, away.Token);
        await gate.ReachedAsync();
        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Vault.Recover();
        gate.Open();
        await server.TokenAsync();
        Assert.Empty(server.Events(2005));
        Assert.Empty(counts.SignatureFailures);
        await ShouldBeReadyAsync();
    }

    private async Task ShouldBeReadyAsync()
    {
        var ready = await server.ReadyAsync();
        Assert.Equal((200, "ready"), (ready.Status, ready["status"]));
        Assert.All((string[])["RS256", "PS256", "ES256"], algorithm => Assert.Equal("ok", ready.SaysOf(algorithm)));
    }

    private async Task ShouldNotBeReadyAsync()
    {
        var ready = await server.ReadyAsync();
        Assert.Equal((503, "not ready"), (ready.Status, ready["status"]));
        Assert.Equal("ok", ready.Json.GetProperty("checks").GetProperty("storage").GetString());
        Assert.Equal("the key vault is not available", ready.SaysOf("RS256"));
    }
}
