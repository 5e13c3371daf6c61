using System.Runtime.CompilerServices;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>What is true of every ring, however its versions came about.</summary>
public sealed class KeyRingPropertyTests
{
    [Fact]
    public void Two_instances_with_the_same_versions_and_the_same_time_agree_on_everything() =>
        OnRings(2_000, (ring, _) =>
        {
            var expected = Describe(ring.Ring);
            Assert.Equal(expected, Describe((ring with { Versions = [.. ring.Versions.Reverse()] }).Ring));
            Assert.Equal(expected, Describe((ring with { Versions = [.. ring.Versions.OrderBy(version => version.Store).ThenBy(version => version.Id)] }).Ring));
        });

    [Fact]
    public void Something_signs_when_anything_is_usable_and_only_what_is_usable_and_published_signs() =>
        OnRings(2_000, (ring, _) =>
        {
            var now = ring.Ring;
            Assert.Equal(ring.Versions.Any(ring.IsUsable), now.Signing.Count > 0);
            Assert.All(now.Signing, version => Assert.True(ring.IsUsable(version)));
            Assert.All(now.Signing, version => Assert.Contains(version, now.Published));
            Assert.Equal(now.Members.Where(member => member.State == KeyState.Signing).Select(member => member.Version.Id).Order(), now.Signing.Select(version => version.Id).Order());
        });

    [Fact]
    public void Of_each_vault_the_newest_announced_version_signs_and_reserves_only_stand_in() =>
        OnRings(2_000, (ring, counts) =>
        {
            var announced = ring.Versions.Where(ring.IsAnnounced).ToList();
            if (announced.Count == 0)
                return;
            counts.Add("with something announced", 1);
            var (now, reserveSigns) = (ring.Ring, announced.TrueForAll(version => version.IsReserve));
            var newest = announced.GroupBy(version => version.Store).Select(vault => vault.OrderBy(v => v.CreatedAt).ThenBy(v => v.PublicKey.Kid, StringComparer.Ordinal).Last());
            Assert.Equal(newest.OrderBy(v => v.IsReserve).ThenBy(v => v.Store, StringComparer.Ordinal), now.Signing);
            Assert.Equal(now.Signing.Count(version => version.IsReserve == reserveSigns), now.Spread);
        });

    [Fact]
    public void While_nothing_was_announced_long_enough_one_version_signs_the_oldest() =>
        OnRings(2_000, (ring, counts) =>
        {
            if (ring.Versions.Any(ring.IsAnnounced) || !ring.Versions.Any(ring.IsUsable))
                return;
            counts.Add("with nothing announced", 1);
            var now = ring.Ring;
            Assert.Equal(1, now.Spread);
            // What some other instance holds for expired, or for not yet valid, comes last.
            var oldest = ring.Versions.Where(ring.IsUsable).OrderByDescending(IsUsableByAll).ThenBy(v => v.CreatedAt).ThenBy(v => v.PublicKey.Kid, StringComparer.Ordinal).First();
            Assert.Equal(oldest, now.Signing[0]);

            bool IsUsableByAll(KeyVersion version) =>
                ring.IsUsable(version) && (ring with { Now = ring.Now - ring.Rules.ClockSkew }).IsUsable(version) && (ring with { Now = ring.Now + ring.Rules.ClockSkew }).IsUsable(version);
        });

    [Fact]
    public void The_same_versions_make_the_same_ring_until_it_says_that_it_changes() =>
        OnRings(1_000, (ring, counts) =>
        {
            var (now, next) = (ring.Ring, ring.Ring.ChangesAt);
            Assert.True(next > ring.Now);
            foreach (var moment in ring.Moments().TakeWhile(moment => moment < next))
            {
                counts.Add("rings before that", 1);
                Assert.Equal(Describe(now), Describe(ring.At(moment)));
            }
        });

    [Fact]
    public void A_version_keeps_its_state_from_now_until_it_says_and_not_longer() =>
        OnRings(500, (ring, counts) =>
        {
            var later = ring.Moments().Select(ring.At).ToList();
            foreach (var (member, place) in ring.Ring.Members.Select((member, place) => (member, place)))
            {
                counts.Add("versions", 1);
                var states = later.ConvertAll(at => at.Members[place].State);
                DateTimeOffset? changes = states.TrueForAll(state => state == member.State) ? null : ring.Moments().ElementAt(states.FindIndex(state => state != member.State));
                Assert.Equal(changes, EndOf(member, ring));
                var since = BeginningOf(member, ring);
                Assert.True(since <= ring.Now + ring.Rules.ClockSkew, $"{member.Version.Id} {member.State} since {since}");
            }
        });

    /// <summary>Goes from one change of the ring to the next until the state of a version has changed; null if it never does.</summary>
    private static DateTimeOffset? EndOf(KeyRingMember member, RingCase ring)
    {
        var at = ring.Ring.ChangesAt;
        while (at < DateTimeOffset.MaxValue)
        {
            var later = ring.At(at);
            if (later.Members.Single(other => other.Version == member.Version).State != member.State)
                return at;
            at = later.ChangesAt;
        }
        return null;
    }

    /// <summary>The date in the schedule that brought a version into its state.</summary>
    private static DateTimeOffset BeginningOf(KeyRingMember member, RingCase ring)
    {
        var schedule = new KeySchedule(ring.Versions, ring.Rules, ring.Now);
        return member.State switch
        {
            KeyState.Signing when schedule.SignsFrom(member.Version) is var begins && begins <= ring.Now => begins,
            KeyState.Retained => schedule.SignedUntil(member.Version),
            KeyState.Retired => schedule.NeededUntil(member.Version),
            _ => member.Version.KnownFrom,
        };
    }

    private static string Describe(KeyRing ring) =>
        $"{string.Join(", ", ring.Members.Select(member => $"{member.Version.Id} {member.State}"))}; {ring.Spread} of {string.Join(", ", ring.Signing.Select(v => v.Id))} sign; "
        + $"published {string.Join(", ", ring.Published.Select(v => v.Id))}; retired {string.Join(", ", ring.Retired.Select(v => v.Id))}";

    private static void OnRings(int count, Action<RingCase, PropertyReport.Counts> holds, [CallerMemberName] string property = "") =>
        PropertyReport.Check(RingCases.Any, count, holds, property);
}
