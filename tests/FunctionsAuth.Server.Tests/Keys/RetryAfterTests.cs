using System.Globalization;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>A vault that says for how long it wants to be left alone: clients are told the same, and until then it is not asked.</summary>
public sealed class RetryAfterTests : IAsyncLifetime
{
    private VaultScene scene = null!;
    private RunningServer server = null!;

    private ScriptedVault Vault => scene.Vault;

    private ClientApp Web => new(server);

    public async Task InitializeAsync()
    {
        scene = await VaultScene.WithKeysAsync();
        server = await scene.StartAsync(("Lifetimes:RefreshTokenGrace", "00:00:00"));
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task The_client_is_told_how_long_the_vault_wants_to_be_left_alone()
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        Vault.Fail("sign", () => ScriptedVaultFaults.Throttled(17));
        Assert.Equal(17, Seconds(await Web.RefreshAsync(tokens.RefreshToken)));
    }

    [Fact]
    public async Task A_date_says_the_same_as_seconds()
    {
        var date = new DateTimeOffset(2040, 3, 3, 12, 0, 0, TimeSpan.Zero);
        Vault.Fail("sign", () => ScriptedVaultFaults.Status(503, ("Date", Http(date)), ("Retry-After", Http(date.AddSeconds(40)))));
        Assert.Equal(40, Seconds(await server.AskAsync()));

        static string Http(DateTimeOffset moment) => moment.ToString("r", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("Sat, 03 Mar 2001 12:00:00 GMT")]
    public async Task What_names_no_time_to_come_is_no_reason_to_wait(string retryAfter)
    {
        Vault.Fail("sign", () => ScriptedVaultFaults.Status(429, ("Retry-After", retryAfter)));
        Assert.Equal(1, Seconds(await server.AskAsync()));
        Vault.Recover();
        await server.TokenAsync();
    }

    [Fact]
    public async Task Until_then_the_vault_is_not_asked_and_then_it_is()
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        Vault.Fail("sign", () => ScriptedVaultFaults.Throttled(30));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeUnavailable();

        Vault.Recover();
        Vault.Forget();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(20, Seconds(await Web.RefreshAsync(tokens.RefreshToken)));
        scene.Clock.Advance(TimeSpan.FromSeconds(19.5));
        Assert.Equal(1, Seconds(await Web.RefreshAsync(tokens.RefreshToken)));
        Assert.Equal(503, (await server.ReadyAsync()).Status);
        Assert.Empty(Vault.Calls);

        scene.Clock.Advance(TimeSpan.FromSeconds(0.5));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(2, Vault.Count("sign"));
        Assert.Equal(200, (await server.ReadyAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_under_way_when_it_said_so_does_not_make_it_forgotten(bool succeeds)
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        // Of the two signatures of a refresh, both under way, one is throttled, and the other ends when that is known.
        Vault.Meeting = new Rendezvous("sign", "sign");
        var (first, second) = (new VaultGate(), new VaultGate());
        var calls = 0;
        Vault.Before = async _ =>
        {
            var isFirst = Interlocked.Increment(ref calls) == 1;
            await (isFirst ? first : second).PassAsync();
            if (isFirst || !succeeds)
                throw isFirst ? ScriptedVaultFaults.Throttled(30) : ScriptedVaultFaults.Status(500);
        };
        var refreshing = Web.RefreshAsync(tokens.RefreshToken);
        await Task.WhenAll(first.ReachedAsync(), second.ReachedAsync());
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        first.Open();
        await Patience.UntilAsync(() => server.Events(2005).Count == 1);
        second.Open();
        (await refreshing).ShouldBeUnavailable();

        Vault.Recover();
        Vault.Forget();
        Assert.Equal(30, Seconds(await server.AskAsync()));
        Assert.Empty(Vault.Calls);
        Assert.Empty(server.Events(2006));
    }

    [Fact]
    public async Task The_JWKS_and_the_tokens_that_are_out_are_good_all_the_while()
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        Vault.Fail("sign", () => ScriptedVaultFaults.Throttled(30));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeUnavailable();
        Assert.True((await PublishedKeys.ReadAsync(server)).Verify(tokens.IdToken));
        (await Web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
    }

    /// <summary>After how many the client may try again.</summary>
    private static double Seconds(JsonAnswer answer)
    {
        answer.ShouldBeUnavailable();
        return answer.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
    }
}
