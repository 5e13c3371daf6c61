namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// What the last signatures tell of a vault. One that fails is avoided for a while where another can sign, and one that said
/// for how long it wants to be left alone is not asked before.
/// </summary>
internal sealed class KeyStoreHealth
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(2);
    private const int LongestRestInFirstRests = 16;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    /// <summary>Without traffic nothing would ever say that it has passed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private int failures;
    private DateTimeOffset failedAt;
    private DateTimeOffset restsUntil;
    private DateTimeOffset silentUntil;

    private bool NeverFailed => Volatile.Read(ref failures) == 0;

    private TimeSpan Rest => FirstRest * Math.Min(1 << Math.Min(failures - 1, LongestRestInFirstRests), LongestRestInFirstRests);

    /// <summary>Its last signature failed, and that was not long ago.</summary>
    public bool IsFailing(DateTimeOffset now)
    {
        if (NeverFailed)
            return false;
        lock (gate)
            return failures > 0 && now < failedAt + Remembered;
    }

    /// <summary>Not to be asked for so long yet: zero or less when it may be.</summary>
    public TimeSpan SilentFor(DateTimeOffset now)
    {
        if (NeverFailed)
            return TimeSpan.Zero;
        lock (gate)
            return silentUntil - now;
    }

    /// <summary>Others are asked first. When its rest is over, the one who sees that first tries it, and the rest go on avoiding it.</summary>
    public bool Rests(DateTimeOffset now)
    {
        if (NeverFailed)
            return false;
        lock (gate)
        {
            if (failures == 0)
                return false;
            if (now < restsUntil)
                return true;
            restsUntil = now + Rest;
            return false;
        }
    }

    /// <param name="started">When the signature was asked for: one that was under way when another failed says nothing new.</param>
    /// <returns>True when it had failed before.</returns>
    public bool Succeeded(DateTimeOffset started)
    {
        if (NeverFailed)
            return false;
        lock (gate)
        {
            if (failures == 0 || started < failedAt)
                return false;
            failures = 0;
            return true;
        }
    }

    /// <param name="started">When the signature was asked for: all that were under way together count as one failure.</param>
    /// <returns>True when it had not failed before.</returns>
    public bool HasFailed(DateTimeOffset started, DateTimeOffset now, TimeSpan? waitFor)
    {
        lock (gate)
        {
            var isFirst = failures == 0;
            if (isFirst || started >= failedAt)
                failures++;
            failedAt = now;
            restsUntil = now + Rest;
            // Of two answers at once, one may not have said it. And no answer takes a vault away for long.
            var silence = waitFor ?? TimeSpan.Zero;
            var wished = now + (silence < LongestSilence ? silence : LongestSilence);
            silentUntil = wished > silentUntil ? wished : silentUntil;
            return isFirst;
        }
    }
}
