using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// What each version of one key does at one moment: a pure function of the versions, the settings and the clock, so that
/// all instances agree without talking to each other.
/// </summary>
public sealed class KeyRing
{
    private KeyRing(IReadOnlyList<KeyRingMember> members) => Members = members;

    /// <summary>Every version, oldest first.</summary>
    public IReadOnlyList<KeyRingMember> Members { get; }

    /// <summary>Null when no version is usable.</summary>
    public KeyVersion? Signing => Members.FirstOrDefault(member => member.State == KeyState.Signing)?.Version;

    /// <summary>What stands in the JWKS.</summary>
    public IEnumerable<KeyVersion> Published => Members.Where(member => member.State != KeyState.Retired).Select(member => member.Version);

    /// <summary>What no live token was signed with.</summary>
    public IEnumerable<KeyVersion> Retired => Members.Where(member => member.State == KeyState.Retired).Select(member => member.Version);

    public static KeyRing At(IEnumerable<KeyVersion> versions, KeyOptions options, TimeSpan retain, DateTimeOffset now)
    {
        // Ties are broken by kid: two instances that create keys in the same second must agree.
        var ring = versions.OrderBy(v => v.CreatedAt).ThenBy(v => v.PublicKey.Kid, StringComparer.Ordinal).ToList();
        var signing = SigningIndex(ring, options, now);
        return new KeyRing([.. ring.Select((version, index) => new KeyRingMember(version, StateOf(index)))]);

        KeyState StateOf(int index)
        {
            if (index == signing)
                return KeyState.Signing;
            if (index > signing)
                return KeyState.Announced;
            // It signed until the first one after it took over, and, as instances see that at different times, for one
            // refresh interval more.
            var signedUntil = ring.Skip(index + 1).Min(version => version.SignsFrom(options.Announce)) + (2 * options.RefreshEvery);
            return now < signedUntil + retain ? KeyState.Retained : KeyState.Retired;
        }
    }

    /// <summary>
    /// The newest usable version that has been announced long enough. While there is none, the oldest usable one: a first
    /// deployment works at once, and two instances that made keys together agree.
    /// </summary>
    private static int SigningIndex(List<KeyVersion> ring, KeyOptions options, DateTimeOffset now)
    {
        var announced = ring.FindLastIndex(v => v.IsUsable(now) && v.SignsFrom(options.Announce) <= now);
        return announced >= 0 ? announced : ring.FindIndex(v => v.IsUsable(now));
    }
}

public sealed record KeyRingMember(KeyVersion Version, KeyState State);
