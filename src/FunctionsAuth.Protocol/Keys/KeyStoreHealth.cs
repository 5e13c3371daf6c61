namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// What the last signatures tell about a store. While a store fails, other stores are preferred for a pause that grows with each failure.
/// While a store asked to wait (<c>Retry-After</c>), it is not asked at all.
/// </summary>
internal sealed class KeyStoreHealth
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private const int LongestPauseInFirstPauses = 16;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A failure is forgotten after this time, because without traffic no signature would show that it has passed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private int failures;
    private DateTimeOffset failedAt;
    private DateTimeOffset pausesUntil;
    private DateTimeOffset waitsUntil;

    /// <summary>The last signature did not fail.</summary>
    public bool HasNoFailure => Volatile.Read(ref failures) == 0;

    private TimeSpan Pause => FirstPause * Math.Min(1 << Math.Min(failures - 1, LongestPauseInFirstPauses), LongestPauseInFirstPauses);

    /// <summary>True when the last signature failed less than a minute ago.</summary>
    public bool IsFailing(DateTimeOffset now)
    {
        if (HasNoFailure)
            return false;
        lock (gate)
            return failures > 0 && now < failedAt + Remembered;
    }

    /// <summary>For how long the store must not be asked, because it asked to wait. Zero or less when it may be asked.</summary>
    public TimeSpan WaitFor(DateTimeOffset now)
    {
        if (HasNoFailure)
            return TimeSpan.Zero;
        lock (gate)
            return waitsUntil - now;
    }

    /// <summary>
    /// Asks for the permission to sign with this store before others. It is given while the store does not fail. When the pause of a
    /// failing store is over, one caller gets it, and the next pause begins for the others.
    /// </summary>
    public bool TryBegin(DateTimeOffset now)
    {
        if (HasNoFailure)
            return true;
        lock (gate)
        {
            if (failures == 0)
                return true;
            if (now < pausesUntil)
                return false;
            pausesUntil = now + Pause;
            return true;
        }
    }

    /// <param name="started">When the signature was asked for. A signature that began before the last failure tells nothing new.</param>
    /// <returns>True when the store was failing until now.</returns>
    public bool RecordSuccess(DateTimeOffset started)
    {
        if (HasNoFailure)
            return false;
        lock (gate)
        {
            if (failures == 0 || started < failedAt)
                return false;
            failures = 0;
            return true;
        }
    }

    /// <param name="started">When the signature was asked for. All signatures that were under way together count as one failure.</param>
    /// <param name="waitFor">How long the store asked to wait; null when it did not say. At most a minute counts.</param>
    /// <returns>True when the store was not failing until now.</returns>
    public bool RecordFailure(DateTimeOffset started, DateTimeOffset now, TimeSpan? waitFor)
    {
        lock (gate)
        {
            var isFirst = failures == 0;
            if (isFirst || started >= failedAt)
                failures++;
            failedAt = now;
            pausesUntil = now + Pause;
            // Of two answers at the same time, only one may say how long to wait.
            var wait = waitFor ?? TimeSpan.Zero;
            var asked = now + (wait < LongestWait ? wait : LongestWait);
            waitsUntil = asked > waitsUntil ? asked : waitsUntil;
            return isFirst;
        }
    }
}
