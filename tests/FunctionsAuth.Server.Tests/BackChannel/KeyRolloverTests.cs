using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>
/// Two instances that share vault, tables and clock, through a rollover of their keys: RotateEvery 30 days, Announce 24
/// hours, the longest token 24 hours.
/// </summary>
public sealed class KeyRolloverTests : IAsyncLifetime
{
    private static readonly TimeSpan Announce = TimeSpan.FromHours(24);

    private readonly TestClock clock = new();
    private readonly TestStorage storage = new(BackEnd.Memory);
    private readonly LocalKeyClient vault;
    private ServerSetup setup = null!;
    private RunningServer one = null!;
    private RunningServer two = null!;

    public KeyRolloverTests() => vault = new LocalKeyClient(null, clock);

    public async Task InitializeAsync()
    {
        setup = storage.Setup() with
        {
            Settings = new() { ["Keys:RotateEvery"] = "30.00:00:00" },
            Services = services => services.AddSingleton<TimeProvider>(clock).AddSingleton<KeyClient>(vault),
        };
        one = await RunningServer.StartAsync(setup);
        // It has made the first keys before the other starts; together they would make two of each.
        await one.Get<SigningKeys>().WarmAsync(CancellationToken.None);
        two = await RunningServer.StartAsync(setup);
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_new_version_is_announced_then_signs_and_the_old_one_stays_until_its_last_token_has_expired()
    {
        var first = KidOf(await TokenAsync(one));
        Assert.Equal(first, KidOf(await TokenAsync(two)));
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await RolloverAsync();
        Assert.Equal([first], await KidsAsync(one));

        // Announced: in the JWKS of every instance, and nothing is signed with it.
        clock.Advance(TimeSpan.FromSeconds(1));
        await RolloverAsync();
        var kids = await KidsAsync(one);
        Assert.Equal(2, kids.Count);
        Assert.Equal(kids, await KidsAsync(two));
        var second = kids.Single(kid => kid != first);
        clock.Advance(Announce - TimeSpan.FromSeconds(1));
        await RolloverAsync();
        Assert.Equal(first, KidOf(await TokenAsync(one)));
        Assert.Equal(first, KidOf(await TokenAsync(two)));
        var lastOfFirst = await TokenAsync(two);

        // It signs.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, KidOf(await TokenAsync(one)));
        Assert.Equal(second, KidOf(await TokenAsync(two)));

        // The old one is in the JWKS as long as a token of it may live, and enabled; then the timer disables it.
        clock.Advance(TimeSpan.FromHours(24));
        await RolloverAsync();
        Assert.True((await PublishedKeys.ReadAsync(two)).Verify(lastOfFirst));
        Assert.Equal(2, await EnabledAsync());
        clock.Advance(TimeSpan.FromMinutes(10));
        await RolloverAsync();
        Assert.Equal(1, await EnabledAsync());
        Assert.Equal([second], await KidsAsync(one));
        Assert.Equal(second, KidOf(await TokenAsync(one)));
    }

    [Fact]
    public async Task Every_token_verifies_until_it_expires_through_two_rollovers()
    {
        List<(string Token, DateTimeOffset Expires)> live = [];
        HashSet<string> seen = [];
        // In steps of 6 hours, and of less than the life of a token while a version comes or goes.
        var end = clock.GetUtcNow() + TimeSpan.FromDays(64);
        while (clock.GetUtcNow() < end)
        {
            await RolloverAsync();
            foreach (var server in (RunningServer[])[one, two])
            {
                var token = await TokenAsync(server);
                seen.Add(KidOf(token));
                live.Add((token, clock.GetUtcNow() + TimeSpan.FromHours(1)));
            }
            live.RemoveAll(token => token.Expires <= clock.GetUtcNow());
            foreach (var server in (RunningServer[])[one, two])
            {
                var keys = await PublishedKeys.ReadAsync(server);
                Assert.All(live, token => Assert.True(keys.Verify(token.Token), $"A live token does not verify at {clock.GetUtcNow()}"));
                Assert.InRange(keys.KidsOf(SigningAlgorithms.RS256).Count(), 1, 2);
            }
            Assert.Equal(KidOf(await TokenAsync(one)), KidOf(await TokenAsync(two)));
            clock.Advance((await KidsAsync(one)).Count > 1 ? TimeSpan.FromMinutes(50) : TimeSpan.FromHours(6));
        }
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task An_instance_reads_the_versions_again_in_the_background()
    {
        await TokenAsync(one);
        clock.Advance(TimeSpan.FromDays(30));
        await new KeyRolloverFunction(two.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
        // This request begins to read, and need not wait for it.
        await Patience.UntilAsync(async () => (await KidsAsync(one)).Count >= 2);
    }

    [Fact]
    public async Task An_instance_that_nobody_asked_for_long_knows_the_new_key_at_once()
    {
        await TokenAsync(one);
        clock.Advance(TimeSpan.FromDays(30));
        await new KeyRolloverFunction(two.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
        clock.Advance(Announce);
        var tokens = (await new ClientApp(two).LoginAsync()).ShouldBeOk();
        // The first request since 31 days brings a token of a key that is a day old.
        (await new ClientApp(one).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_version_that_was_disabled_by_hand_leaves_the_JWKS_and_no_longer_signs()
    {
        var first = KidOf(await TokenAsync(one));
        clock.Advance(TimeSpan.FromMinutes(1));
        await vault.RotateKeyAsync("signing-rsa");
        await ReloadAsync();
        Assert.Equal(first, KidOf(await TokenAsync(one)));
        var old = await OldestAsync();
        old.Enabled = false;
        await vault.UpdateKeyPropertiesAsync(old);
        await ReloadAsync();
        var second = KidOf(await TokenAsync(one));
        Assert.NotEqual(first, second);
        Assert.Equal([second], await KidsAsync(two));
    }

    [Fact]
    public async Task A_token_that_was_good_a_moment_ago_is_refused_once_its_key_is_disabled()
    {
        var app = new ClientApp(one);
        var tokens = (await app.LoginAsync()).ShouldBeOk();
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        clock.Advance(TimeSpan.FromMinutes(1));
        await vault.RotateKeyAsync("signing-rsa");
        var old = await OldestAsync();
        old.Enabled = false;
        await vault.UpdateKeyPropertiesAsync(old);
        await ReloadAsync();
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_token_that_was_good_a_moment_ago_is_refused_with_another_signature()
    {
        var app = new ClientApp(one);
        var tokens = (await app.LoginAsync()).ShouldBeOk();
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        var other = (await app.LoginAsync()).ShouldBeOk().AccessToken;
        var mixed = tokens.AccessToken[..tokens.AccessToken.LastIndexOf('.')] + other[other.LastIndexOf('.')..];
        (await app.UserInfoAsync(mixed)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task When_somebody_disables_every_version_nothing_is_signed_and_no_key_is_made()
    {
        await TokenAsync(one);
        clock.Advance(TimeSpan.FromMinutes(1));
        await vault.RotateKeyAsync("signing-rsa");
        await foreach (var version in vault.GetPropertiesOfKeyVersionsAsync("signing-rsa"))
        {
            version.Enabled = false;
            await vault.UpdateKeyPropertiesAsync(version);
        }
        // Neither reading them again nor the timer takes it back, not even when a new version would be due.
        foreach (var wait in (TimeSpan[])[TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), TimeSpan.FromDays(31)])
        {
            clock.Advance(wait);
            await RolloverAsync();
            foreach (var server in (RunningServer[])[one, two])
            {
                (await AskAsync(server)).ShouldBeUnavailable();
                Assert.Empty(await KidsAsync(server));
            }
            Assert.Equal((2, 0), (await VersionsAsync(), await EnabledAsync()));
        }
        // Nor does an instance that starts.
        await using var three = await RunningServer.StartAsync(setup);
        (await AskAsync(three)).ShouldBeUnavailable();
        Assert.Empty(await KidsAsync(three));
        Assert.Equal((2, 0), (await VersionsAsync(), await EnabledAsync()));
    }

    [Fact]
    public async Task Two_instances_that_run_the_timer_at_once_agree_on_who_signs()
    {
        await TokenAsync(one);
        clock.Advance(TimeSpan.FromDays(30));
        await Task.WhenAll(((RunningServer[])[one, two]).Select(server => Task.Run(
            () => new KeyRolloverFunction(server.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None))));
        await ReloadAsync();
        Assert.Equal(await KidsAsync(one), await KidsAsync(two));
        clock.Advance(Announce);
        Assert.Equal(KidOf(await TokenAsync(one)), KidOf(await TokenAsync(two)));
    }

    private static async Task<string> TokenAsync(RunningServer server) => (await AskAsync(server)).ShouldBeOk().AccessToken;

    private static Task<JsonAnswer> AskAsync(RunningServer server) => new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")]);

    private static string KidOf(string token) => JsonAnswer.Header(token).GetProperty("kid").GetString()!;

    private static async Task<IReadOnlyList<string>> KidsAsync(RunningServer server) =>
        [.. (await PublishedKeys.ReadAsync(server)).KidsOf(SigningAlgorithms.RS256)];

    /// <summary>The timer runs on one instance, and the other reads the versions as it does every few minutes.</summary>
    private async Task RolloverAsync()
    {
        await new KeyRolloverFunction(two.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
        await ReloadAsync();
    }

    private async Task ReloadAsync()
    {
        foreach (var server in (RunningServer[])[one, two])
        {
            foreach (var type in Enum.GetValues<SigningKeyType>())
                await server.Get<SigningKeys>().ReadVersionsAsync(server.Get<IReadOnlyList<IKeyStore>>().Single(), type, CancellationToken.None);
        }
    }

    private async Task<int> EnabledAsync()
    {
        var count = 0;
        await foreach (var version in vault.GetPropertiesOfKeyVersionsAsync("signing-rsa"))
            count += version.Enabled == true ? 1 : 0;
        return count;
    }

    private async Task<int> VersionsAsync()
    {
        var count = 0;
        await foreach (var _ in vault.GetPropertiesOfKeyVersionsAsync("signing-rsa"))
            count++;
        return count;
    }

    private async Task<KeyProperties> OldestAsync()
    {
        KeyProperties? oldest = null;
        await foreach (var version in vault.GetPropertiesOfKeyVersionsAsync("signing-rsa"))
            oldest = oldest is null || version.CreatedOn < oldest.CreatedOn ? version : oldest;
        return oldest!;
    }
}
