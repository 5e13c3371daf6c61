using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>What a version does, as an operator reads it.</summary>
internal enum KeyUse
{
    Announced,
    Signing,

    /// <summary>Signs when those that sign can't.</summary>
    Standby,
    Retained,
    Retired,
}

/// <param name="Next">Null when time alone changes nothing.</param>
internal sealed record KeyLine(KeyVersion Version, KeyUse Use, DateTimeOffset Since, KeyStep? Next);

internal sealed record KeyStep(KeyUse Use, DateTimeOffset At);

/// <summary>The versions of one type of key, with what the ring will make of each if nobody makes or disables one.</summary>
internal sealed class KeyTimeline(SigningKeyType type, IReadOnlyList<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now)
{
    private readonly KeyRing ring = KeyRing.At(versions, rules, now);

    public SigningKeyType Type => type;

    public IReadOnlyList<KeyVersion> Versions => versions;

    /// <summary>Oldest first.</summary>
    public IEnumerable<KeyLine> Lines => ring.Members.Select(member => new KeyLine(member.Version, UseOf(member.Version, ring, now), member.Since, StepAfter(member.Version)));

    /// <summary>What shares the work; none when nothing is usable.</summary>
    public IEnumerable<KeyVersion> Signing => ring.Signing.Take(ring.Spread);

    public KeyTimeline Without(KeyVersion version) => new(type, [.. versions.Where(other => other != version)], rules, now);

    private KeyUse UseOf(KeyVersion version, KeyRing at, DateTimeOffset moment) => at.Members.First(member => member.Version == version).State switch
    {
        KeyState.Retained => KeyUse.Retained,
        KeyState.Retired => KeyUse.Retired,
        KeyState.Signing when at.Signing.Take(at.Spread).Contains(version) => KeyUse.Signing,
        // What stands in before its time is up is still being announced.
        KeyState.Signing when AnnouncedUntil(version) <= moment => KeyUse.Standby,
        _ => KeyUse.Announced,
    };

    /// <summary>Goes from one change of the ring to the next until that version has changed.</summary>
    private KeyStep? StepAfter(KeyVersion version)
    {
        var use = UseOf(version, ring, now);
        if (use == KeyUse.Retired)
            return null; // it will be disabled before
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
