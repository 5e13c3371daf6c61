namespace FunctionsAuth.Protocol.Keys;

/// <summary>What a version does, in the words that an operator reads.</summary>
public enum KeyUse
{
    Announced,
    Signing,

    /// <summary>The version signs only when those that share the work fail.</summary>
    Standby,
    Retained,
    Retired,
}

/// <summary>One version as it is shown.</summary>
/// <param name="Since">When its use began, as far as its dates tell.</param>
/// <param name="Next">Its next use; null when time alone does not change it.</param>
public sealed record KeyLine(KeyVersion Version, KeyUse Use, DateTimeOffset Since, KeyStep? Next);

/// <summary>A change that time brings.</summary>
public sealed record KeyStep(KeyUse Use, DateTimeOffset At);

/// <summary>The versions of one type of key: what each does, since when, and what it will do next if nobody makes or disables a version.</summary>
public sealed class KeyTimeline(SigningKeyType type, IReadOnlyList<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now)
{
    private readonly KeyRing ring = KeyRing.At(versions, rules, now);
    private readonly KeySchedule schedule = new(versions, rules, now);

    public SigningKeyType Type => type;

    public IReadOnlyList<KeyVersion> Versions => versions;

    /// <summary>Oldest first.</summary>
    public IEnumerable<KeyLine> Lines => ring.Members.Select(member => new KeyLine(member.Version, UseOf(member.Version, ring, now), BeginningOf(member), StepAfter(member.Version)));

    /// <summary>The versions that share the work; none when no version is usable.</summary>
    public IEnumerable<KeyVersion> Signing => ring.Signing.Take(ring.Spread);

    public KeyTimeline Without(KeyVersion version) => new(type, [.. versions.Where(other => other != version)], rules, now);

    private KeyUse UseOf(KeyVersion version, KeyRing at, DateTimeOffset moment) => at.Members.First(member => member.Version == version).State switch
    {
        KeyState.Retained => KeyUse.Retained,
        KeyState.Retired => KeyUse.Retired,
        KeyState.Signing when at.Signing.Take(at.Spread).Contains(version) => KeyUse.Signing,
        // A version that could stand in before it was announced long enough is still shown as announced.
        KeyState.Signing when AnnouncedUntil(version) <= moment => KeyUse.Standby,
        _ => KeyUse.Announced,
    };

    private DateTimeOffset BeginningOf(KeyRingMember member) => member.State switch
    {
        KeyState.Signing when schedule.SignsFrom(member.Version) is var begins && begins <= now => begins,
        KeyState.Retained => schedule.SignedUntil(member.Version),
        KeyState.Retired => schedule.NeededUntil(member.Version),
        _ => member.Version.KnownFrom,
    };

    /// <summary>Goes from one change of the ring to the next until that version has changed.</summary>
    private KeyStep? StepAfter(KeyVersion version)
    {
        var use = UseOf(version, ring, now);
        if (use == KeyUse.Retired)
            return null; // the rollover timer disables it before any change
        for (var (later, at) = (ring, ring.ChangesAt); at < DateTimeOffset.MaxValue; at = later.ChangesAt)
        {
            later = KeyRing.At(versions, rules, at);
            if (UseOf(version, later, at) is var then && then != use)
                return new KeyStep(then, at);
        }
        return null;
    }

    private DateTimeOffset AnnouncedUntil(KeyVersion version) => version.KnownFrom + rules.Announce;
}
