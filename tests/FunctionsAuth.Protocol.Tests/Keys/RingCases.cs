using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>A ring to be computed. All dates and lengths are whole hours, so that dates often fall together.</summary>
internal sealed record RingCase(IReadOnlyList<KeyVersion> Versions, KeyRingRules Rules, DateTimeOffset Now)
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public KeyRing Ring => At(Now);

    public KeyRing At(DateTimeOffset now) => KeyRing.At(Versions, Rules, now);

    /// <summary>Every half hour from now until long after the last date: nothing happens but at these moments and between them.</summary>
    public IEnumerable<DateTimeOffset> Moments()
    {
        var last = Versions.SelectMany(v => new[] { v.KnownFrom, v.NotBefore, v.ExpiresAt, Now }).Max() ?? Now;
        for (var moment = Now; moment < last + Rules.Announce + Rules.Retain + (5 * Rules.ClockSkew); moment += TimeSpan.FromMinutes(30))
            yield return moment;
    }

    public bool IsUsable(KeyVersion version) => !(Now < version.NotBefore) && !(Now >= version.ExpiresAt);

    /// <summary>Known long enough to every client, and valid by every clock.</summary>
    public bool IsAnnounced(KeyVersion version) =>
        version.KnownFrom + Rules.Announce <= Now && !(Now < version.NotBefore + Rules.ClockSkew) && !(Now >= version.ExpiresAt - Rules.ClockSkew);

    public override string ToString()
    {
        var versions = Versions.Select(v => $"{v.Id} in {v.Store}{(v.IsReserve ? " (reserve)" : "")}: created {Hour(v.CreatedAt)}, updated {Hour(v.UpdatedAt)}, not before {Hour(v.NotBefore)}, expires {Hour(v.ExpiresAt)}");
        return $"\nannounce {Rules.Announce.TotalHours}, retain {Rules.Retain.TotalHours}, skew {Rules.ClockSkew.TotalHours}; now {Hour(Now)}\n{string.Join('\n', versions)}";
    }

    private static string Hour(DateTimeOffset? moment) => moment is null ? "-" : (moment.Value - Start).TotalHours.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Random rings: up to 6 versions in up to 2 vaults.</summary>
internal static class RingCases
{
    public static Arbitrary<RingCase> Any { get; } = Arb.From(
        from announce in Gen.Choose(1, 12)
        from retain in Gen.Choose(1, 8)
        from skew in Gen.Choose(0, 2)
        from now in Gen.Choose(20, 70)
        from hasReserve in Gen.Elements(true, false)
        from count in Gen.Choose(0, 6)
        from numbers in Gen.Shuffle(Enumerable.Range(0, count))
        from versions in Gen.CollectToArray(numbers, number => Version(number, hasReserve))
        let rules = new KeyRingRules(TimeSpan.FromHours(announce), TimeSpan.FromHours(retain), TimeSpan.FromHours(skew))
        let moment = RingCase.Start.AddHours(now)
        // No vault's clock is further ahead.
        select new RingCase([.. versions.Where(version => version.KnownFrom <= moment + rules.ClockSkew)], rules, moment),
        Smaller);

    private static Gen<KeyVersion> Version(int number, bool hasReserve) =>
        from vault in Gen.Choose(0, 1)
        from created in Gen.Choose(0, 50)
        from updated in Gen.Frequency((3, Gen.Constant<int?>(null)), (1, Hours(0, 30)))
        from notBefore in Gen.Frequency((4, Gen.Constant<int?>(null)), (1, Hours(-5, 20)))
        from expires in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Hours(-5, 40)))
        select new KeyVersion
        {
            Id = $"version {number}",
            Store = $"vault {vault}",
            IsReserve = hasReserve && vault == 0,
            PublicKey = TestKeys.Number(number),
            CreatedAt = RingCase.Start.AddHours(created),
            UpdatedAt = After(created, updated),
            NotBefore = After(created, notBefore),
            ExpiresAt = After(created, expires),
        };

    private static Gen<int?> Hours(int least, int most) => Gen.Choose(least, most).Select(hours => (int?)hours);

    private static DateTimeOffset? After(int created, int? hours) => hours is null ? null : RingCase.Start.AddHours(created + hours.Value);

    private static IEnumerable<RingCase> Smaller(RingCase ring)
    {
        for (var i = 0; i < ring.Versions.Count; i++)
            yield return ring with { Versions = [.. ring.Versions.Take(i), .. ring.Versions.Skip(i + 1)] };
        for (var i = 0; i < ring.Versions.Count; i++)
        {
            var version = ring.Versions[i];
            foreach (var simpler in (KeyVersion[])[version with { UpdatedAt = null }, version with { NotBefore = null }, version with { ExpiresAt = null }])
            {
                if (simpler != version)
                    yield return ring with { Versions = [.. ring.Versions.Take(i), simpler, .. ring.Versions.Skip(i + 1)] };
            }
        }
    }
}
