using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>What a version does.</summary>
public enum KeyState
{
    /// <summary>The version is in the JWKS and does not sign yet: clients learn about it.</summary>
    Announced,
    Signing,

    /// <summary>The version is in the JWKS until the last token that it signed has expired.</summary>
    Retained,

    /// <summary>The version is not needed any more. The rollover timer disables it, and then it leaves the JWKS.</summary>
    Retired,
}

/// <summary>One version and what it does.</summary>
public sealed record KeyRingMember(KeyVersion Version, KeyState State);

/// <summary>The settings that decide what each version does.</summary>
/// <param name="Announce">How long a version is published before it signs.</param>
/// <param name="Retain">The longest lifetime of a token.</param>
/// <param name="ClockSkew">The largest difference between any two clocks of instances and key stores.</param>
public sealed record KeyRingRules(TimeSpan Announce, TimeSpan Retain, TimeSpan ClockSkew)
{
    public static KeyRingRules From(ServerOptions options) => new(options.Keys.Announce, options.Lifetimes.LongestToken, options.Keys.ClockSkew);
}

/// <summary>
/// What each version of one type of key does at one moment. A ring is a pure function of the versions, the rules and the clock, so all
/// instances agree without talking to each other. docs/keys.md shows it as a timeline and says why it holds.
/// </summary>
public sealed class KeyRing
{
    private KeyRing(KeySchedule schedule)
    {
        (Signing, Spread, IsAnnounced) = ChooseSigning(schedule);
        Members = [.. schedule.Versions.Select(version => new KeyRingMember(version, StateOf(version, schedule)))];
        Published = [.. schedule.Versions.Where(schedule.IsPublished)];
        ChangesAt = schedule.ChangesAt();
    }

    /// <summary>Every version, oldest first.</summary>
    public IReadOnlyList<KeyRingMember> Members { get; }

    /// <summary>
    /// The versions that sign, one from each store. The first <see cref="Spread"/> of them share the work, and the others sign when those
    /// fail. Empty when no version is usable.
    /// </summary>
    public IReadOnlyList<KeyVersion> Signing { get; }

    /// <summary>How many of <see cref="Signing"/> share the work.</summary>
    public int Spread { get; }

    /// <summary>True when the signing versions were announced long enough. False at the first start, and while no such version is left.</summary>
    public bool IsAnnounced { get; }

    /// <summary>The versions in the JWKS, oldest first.</summary>
    public IReadOnlyList<KeyVersion> Published { get; }

    /// <summary>The versions that signed no token that is still valid, and that will sign no more.</summary>
    public IEnumerable<KeyVersion> Retired => Members.Where(member => member.State == KeyState.Retired).Select(member => member.Version);

    /// <summary>Until this moment, the same versions make the same ring. <see cref="DateTimeOffset.MaxValue"/> when time alone changes nothing.</summary>
    public DateTimeOffset ChangesAt { get; }

    public static KeyRing At(IEnumerable<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now) => new(new KeySchedule(versions, rules, now));

    /// <summary>
    /// In each store, the newest usable version that was announced long enough signs. While no store has one, the oldest usable version
    /// signs: a first deployment works at once, and two instances that made keys at the same time agree.
    /// </summary>
    private static (IReadOnlyList<KeyVersion> Versions, int Spread, bool IsAnnounced) ChooseSigning(KeySchedule schedule)
    {
        List<KeyVersion> announced = [.. schedule.Versions.Where(v => schedule.IsUsableByEveryClock(v) && schedule.HasBegunToSign(v))
            .GroupBy(v => v.Store).Select(store => store.Last())
            .OrderBy(v => v.IsReserve).ThenBy(v => v.Store, StringComparer.Ordinal)];
        if (announced.Count > 0)
            return (announced, announced.Count(v => v.IsReserve == announced[0].IsReserve), true);
        List<KeyVersion> oldest = [.. schedule.Versions.Where(schedule.IsUsable)
            .OrderByDescending(schedule.IsUsableByEveryClock)
            .GroupBy(v => v.Store).Select(store => store.First())
            .OrderByDescending(schedule.IsUsableByEveryClock)];
        return (oldest, Math.Min(1, oldest.Count), false);
    }

    private KeyState StateOf(KeyVersion version, KeySchedule schedule) =>
        Signing.Contains(version) ? KeyState.Signing
        : schedule.IsNeededNoMore(version) ? KeyState.Retired
        : schedule.HasBegunToSign(version) ? KeyState.Retained
        : KeyState.Announced;
}
