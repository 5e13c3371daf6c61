using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>The life of wrapped keys, as clients of two instances see it: RotateEvery 30 days, Announce and the longest token 24 hours.</summary>
public sealed class WrappedRolloverTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Through_three_rotations_each_key_is_announced_signs_stays_for_its_last_token_and_is_disabled(BackEnd backEnd)
    {
        await using var pair = await WrappedPair.StartAsync(backEnd);
        var signing = await pair.TokensAsync();
        var made = pair.Clock.GetUtcNow();
        for (var version = 2; version <= 4; version++)
        {
            made += 30 * Day;
            await RolloverAtAsync(made - Second);
            Assert.Equal(Kids(signing), await pair.PublishedAsync());

            // Announced: every instance publishes it, and none signs with it.
            await RolloverAtAsync(made);
            var published = await pair.PublishedAsync();
            Assert.Equal(4, published.Count);
            await RolloverAtAsync(made + Day - Second);
            var last = await pair.TokensAsync();
            Assert.Equal(Kids(signing), Kids(last));

            // It signs, and the one before is retained as long as a token of it may live.
            await RolloverAtAsync(made + Day);
            signing = await pair.TokensAsync();
            Assert.Equal(published.Except(Kids(last)), Kids(signing));
            await RolloverAtAsync(made + (2 * Day));
            await pair.ShouldVerifyAsync(last);
            Assert.Equal(published, await pair.PublishedAsync());

            // Retired: the timer disables it.
            await RolloverAtAsync(made + (2 * Day) + TimeSpan.FromMinutes(10));
            Assert.Equal(Kids(signing), await pair.PublishedAsync());
            foreach (var type in Enum.GetValues<SigningKeyType>())
                Assert.Equal($"{version:d8}", (await pair.RowsAsync(type)).Single(row => row.GetBoolean("Enabled") == true).RowKey);
        }
        // The vault unwrapped each version once for each instance, and signed nothing.
        Assert.Equal((2 * 2 * 4, 0), (pair.Vault.Count("unwrap"), pair.Vault.Count("sign")));

        Task RolloverAtAsync(DateTimeOffset moment)
        {
            pair.Clock.Advance(moment - pair.Clock.GetUtcNow());
            return pair.RolloverAsync();
        }
    }

    private static IEnumerable<string> Kids(IEnumerable<string> tokens) => tokens.Select(WrappedPair.KidOf).Distinct().Order();
}
