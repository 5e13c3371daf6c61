using System.Runtime.CompilerServices;
using FunctionsAuth.Protocol.Tests.Keys.World;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>What clients and operators are promised, on random histories: see <see cref="KeyWorld"/>.</summary>
public sealed class KeyWorldTests
{
    [Fact]
    public void What_one_instance_signs_verifies_with_what_any_other_publishes_as_long_as_clients_may_hold_either() =>
        OnHistories(1_000, (world, counts) =>
        {
            foreach (var version in world.Versions)
            {
                // Between two times of being disabled by hand; and some instance may notice the end of one as late as it may notice anything.
                var calm = Between(version.DisabledByHand.Select(disabled => disabled with { To = Later(disabled.To, world.Oldest) }));
                Verify(world, counts, version, stretch => stretch.HasAnnounced, calm, calm);
            }
        });

    /// <summary>The first start, and when what was announced is disabled, has expired, or was changed by hand.</summary>
    [Fact]
    public void What_is_signed_while_no_version_was_announced_long_enough_verifies_with_every_instance_that_has_read_of_it() =>
        OnHistories(500, (world, counts) =>
        {
            foreach (var version in world.Versions)
            {
                foreach (var appeared in version.Appeared)
                {
                    var disabled = First(version.DisabledByHand.Select(stretch => stretch.From), appeared);
                    var again = First(version.Appeared, appeared + TimeSpan.FromTicks(1));
                    var signed = new Stretch(appeared, disabled < again ? disabled : again);
                    Verify(world, counts, version, stretch => !stretch.HasAnnounced, [signed], [new Stretch(Later(appeared, world.Oldest), disabled)]);
                }
            }
        });

    [Fact]
    public void A_version_that_was_disabled_by_hand_neither_signs_nor_is_published_once_the_vault_was_read_again() =>
        OnHistories(300, (world, counts) =>
        {
            foreach (var (version, instance) in Each(world))
            {
                foreach (var disabled in version.DisabledByHand)
                {
                    var noticed = disabled with { From = Later(disabled.From, (2 * world.Options.Keys.RefreshEvery) + instance.CutOff) };
                    foreach (var stretch in instance.Stretches.Where(stretch => !stretch.When.Within(noticed).IsEmpty))
                    {
                        counts.Add("rings of the time", 1);
                        Assert.False(stretch.Signs(version) || stretch.Publishes(version), $"{version} is in use at {stretch.When}; disabled at {disabled}");
                    }
                }
            }
        });

    [Fact]
    public void What_the_timer_disables_signed_no_token_that_lives_by_the_clock_of_any_instance_and_has_a_successor_or_has_expired() =>
        OnHistories(700, (world, counts) =>
        {
            foreach (var (version, instance) in Each(world))
            {
                foreach (var retired in version.Retired)
                {
                    counts.Add("versions disabled, seen from an instance", 1);
                    Assert.True(retired.HadSuccessor || version.Facts.ExpiresAt is not null, $"{version} is disabled at {retired.At}, and the vault has no later one");
                    var again = First(version.Appeared, retired.At + TimeSpan.FromTicks(1));
                    foreach (var stretch in instance.Stretches.Where(stretch => stretch.When.From < again && stretch.Signs(version)))
                    {
                        var lastSigned = stretch.When.To < again ? stretch.When.To : again;
                        var dead = lastSigned + instance.Clock.Ahead + world.Options.Lifetimes.LongestToken - world.Instances.Min(other => other.Clock.Ahead);
                        Assert.True(retired.At >= dead, $"{version} is disabled at {retired.At}; a token that it signed until {lastSigned} lives until {dead}");
                    }
                }
            }
        });

    [Fact]
    public void The_settings_allow_no_shorter_announcement_than_is_tried_here()
    {
        var keys = KeyHistories.Defaults.Keys;
        var least = keys with { Announce = KeyHistory.LeastAnnounce(keys) };
        Assert.Empty((KeyHistories.Defaults with { Keys = least }).Problems());
        Assert.Single((KeyHistories.Defaults with { Keys = least with { Announce = least.Announce - TimeSpan.FromTicks(1) } }).Problems());
    }

    [Fact]
    public void There_is_a_signing_key_whenever_there_is_a_usable_version() =>
        OnHistories(300, (world, counts) =>
        {
            foreach (var instance in world.Instances)
            {
                foreach (var stretch in instance.Stretches)
                {
                    counts.Add("rings", 1);
                    var now = stretch.When.From + instance.Clock.Ahead;
                    var usable = stretch.Ring.Members.Any(m => !(now < m.Version.NotBefore) && !(now >= m.Version.ExpiresAt));
                    Assert.Equal(usable, stretch.Ring.Signing.Count > 0);
                }
            }
        });

    /// <param name="signed">Where signatures are looked at.</param>
    /// <param name="served">Where the JWKS of the others are.</param>
    private static void Verify(
        KeyWorld world, PropertyReport.Counts counts, SimulatedVersion version, Predicate<RingStretch> which, IReadOnlyList<Stretch> signed, IReadOnlyList<Stretch> served)
    {
        var (maxAge, lifetime) = (world.Options.Keys.JwksMaxAge, world.Options.Lifetimes.LongestToken);
        foreach (var signer in world.Instances.SelectMany(instance => instance.Stretches).Where(stretch => which(stretch) && stretch.Signs(version)))
        {
            foreach (var other in world.Instances.SelectMany(instance => instance.Stretches).Where(other => MayMeet(signer.When, other.When)))
            {
                counts.Add("pairs of a signing instance and a JWKS", 1);
                if (other.Publishes(version))
                    continue;
                for (var i = 0; i < signed.Count; i++)
                {
                    var (at, by) = (signer.When.Within(signed[i]), other.When.Within(served[i]));
                    Assert.False(!at.IsEmpty && !by.IsEmpty && MayMeet(at, by), $"{version} signs at {at} and is not published at {by}");
                }
            }
        }

        // A client verifies with a JWKS that it has kept, or with one of any time while the token lives.
        bool MayMeet(Stretch signing, Stretch serving) => serving.To > Later(signing.From, -maxAge) && serving.From < Later(signing.To, lifetime);
    }

    private static void OnHistories(int count, Action<KeyWorld, PropertyReport.Counts> holds, [CallerMemberName] string property = "") =>
        PropertyReport.Check(
            KeyHistories.Any,
            count,
            (history, counts) =>
            {
                var world = KeyWorld.After(history);
                counts.Add("versions", world.Versions.Count());
                counts.Add("disabled by the timer", world.Versions.Sum(version => version.Retired.Count));
                counts.Add("disabled by hand", world.Versions.Sum(version => version.DisabledByHand.Count));
                holds(world, counts);
            },
            property);

    private static IEnumerable<(SimulatedVersion Version, SimulatedInstance Instance)> Each(KeyWorld world) =>
        from version in world.Versions from instance in world.Instances select (version, instance);

    private static List<Stretch> Between(IEnumerable<Stretch> stretches)
    {
        List<Stretch> between = [];
        var from = DateTimeOffset.MinValue;
        foreach (var stretch in stretches)
        {
            between.Add(new Stretch(from, stretch.From));
            from = stretch.To;
        }
        return [.. between, new Stretch(from, SimulatedVault.Never)];
    }

    private static DateTimeOffset First(IEnumerable<DateTimeOffset> moments, DateTimeOffset from) =>
        moments.Where(moment => moment >= from).DefaultIfEmpty(SimulatedVault.Never).Min();

    /// <summary>Without leaving what a date can be.</summary>
    private static DateTimeOffset Later(DateTimeOffset moment, TimeSpan by) =>
        moment > SimulatedVault.Never - by.Duration() || moment < DateTimeOffset.MinValue + by.Duration() ? moment : moment + by;
}
