using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// A small memory of what storage said: bounded in entries and in age; requests that come together share a load. A failed one
/// is not remembered.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int maxEntries, TimeSpan maxAge, TimeProvider clock) : IDisposable
    where TKey : notnull
{
    private readonly MemoryCache entries = new(new MemoryCacheOptions { SizeLimit = maxEntries, Clock = new Clock(clock) });

    public async ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> load, CancellationToken cancellation)
    {
        if (maxAge == TimeSpan.Zero)
            return await load(key).WaitAsync(cancellation);
        return await Entry(key, load).WaitAsync(cancellation);
    }

    private Task<TValue> Entry(TKey key, Func<TKey, Task<TValue>> load)
    {
        if (entries.TryGetValue(key, out Task<TValue>? entry) && !entry!.IsFaulted && !entry.IsCanceled)
            return entry;
        lock (entries)
        {
            if (entries.TryGetValue(key, out entry) && !entry!.IsFaulted && !entry.IsCanceled)
                return entry;
            return entries.Set(key, load(key), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = maxAge, Size = 1 });
        }
    }

    /// <summary>The next one who asks loads it again.</summary>
    public void Forget(TKey key) => entries.Remove(key);

    public void Dispose() => entries.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
