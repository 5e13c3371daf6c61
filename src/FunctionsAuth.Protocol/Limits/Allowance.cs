namespace FunctionsAuth.Protocol.Limits;

/// <summary>
/// A token bucket for each key, in the memory of this instance: some at once, and then one in each interval. It stores the time at which a bucket is
/// full again, so that it works with a <see cref="TimeProvider"/>. The rate limiters of System.Threading.RateLimiting use the clock of the machine.
/// </summary>
/// <param name="burst">The number that can be taken at once.</param>
/// <param name="every">The interval after which one more can be taken.</param>
public sealed class Allowance<TKey>(int burst, TimeSpan every, TimeProvider clock)
    where TKey : notnull
{
    private const int MostKeys = 20_000;

    private readonly Dictionary<TKey, DateTimeOffset> fullAt = [];

    /// <summary>Takes some, all or none.</summary>
    /// <param name="wait">The time until they could be taken.</param>
    public bool TryTake(TKey key, out TimeSpan wait, int count = 1)
    {
        lock (fullAt)
        {
            var now = clock.GetUtcNow();
            var begin = fullAt.TryGetValue(key, out var full) && full > now ? full : now;
            var end = begin + (every * Math.Min(count, burst));
            wait = end - now - (every * burst);
            if (wait > TimeSpan.Zero)
                return false;
            wait = TimeSpan.Zero;
            fullAt[key] = end;
            if (fullAt.Count > MostKeys)
                MakeRoom(now);
            return true;
        }
    }

    /// <summary>Removes full buckets. If that is not enough, removes the fuller half, because these lose the least.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, full) in fullAt)
        {
            if (full <= now)
                fullAt.Remove(key);
        }
        if (fullAt.Count <= MostKeys / 2)
            return;
        foreach (var (key, _) in fullAt.OrderBy(bucket => bucket.Value).Take(fullAt.Count / 2).ToList())
            fullAt.Remove(key);
    }
}
