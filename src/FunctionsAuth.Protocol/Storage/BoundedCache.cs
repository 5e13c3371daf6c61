using System.Diagnostics.CodeAnalysis;
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

    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> load, CancellationToken cancellation) =>
        GetAsync(key, load, static _ => true, cancellation);

    /// <param name="isGood">False for what must be loaded again before its time: one of several who find that so loads it.</param>
    public async ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> load, Func<TValue, bool> isGood, CancellationToken cancellation)
    {
        if (maxAge == TimeSpan.Zero)
            return await load(key).WaitAsync(cancellation);
        return await Entry(key, load, isGood).WaitAsync(cancellation);
    }

    /// <summary>What is there, without loading it.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var isThere = entries.TryGetValue(key, out Task<TValue>? entry) && entry!.IsCompletedSuccessfully;
        value = isThere ? entry!.Result : default;
        return isThere;
    }

    public void Set(TKey key, TValue value) => Remember(key, Task.FromResult(value));

    private Task<TValue> Remember(TKey key, Task<TValue> entry) =>
        entries.Set(key, entry, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = maxAge, Size = 1 });

    private Task<TValue> Entry(TKey key, Func<TKey, Task<TValue>> load, Func<TValue, bool> isGood)
    {
        if (entries.TryGetValue(key, out Task<TValue>? entry) && CanServe(entry!, isGood))
            return entry!;
        lock (entries)
        {
            if (entries.TryGetValue(key, out entry) && CanServe(entry!, isGood))
                return entry!;
            return Remember(key, load(key));
        }
    }

    private static bool CanServe(Task<TValue> entry, Func<TValue, bool> isGood) => !entry.IsCompleted || (entry.IsCompletedSuccessfully && isGood(entry.Result));

    /// <summary>The next one who asks loads it again.</summary>
    public void Forget(TKey key) => entries.Remove(key);

    public void Dispose() => entries.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
