using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// A cache of answers from storage or from the host of a client, limited in size and age. Requests for the same key at the same time share one load.
/// A failed load is not cached.
/// </summary>
/// <param name="maxSize">The total size of all entries, in the unit of <paramref name="sizeOf"/>.</param>
/// <param name="sizeOf">The size of an entry: its approximate bytes in memory if a stranger decides its size. Null counts each entry as 1.</param>
internal sealed class BoundedCache<TKey, TValue>(long maxSize, TimeSpan maxAge, TimeProvider clock, Func<TKey, TValue, long>? sizeOf = null) : IDisposable
    where TKey : notnull
{
    private readonly MemoryCache entries = new(new MemoryCacheOptions { SizeLimit = maxSize, Clock = new Clock(clock) });

    // A load in progress has no size yet, and must be shared even if the cache is full.
    private readonly Dictionary<TKey, Load> loads = [];

    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> load, CancellationToken cancellation) =>
        GetAsync(key, load, static _ => true, cancellation);

    /// <param name="isGood">False for an entry that must be loaded again before its time. One of several callers that find this loads it.</param>
    public async ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> load, Func<TValue, bool> isGood, CancellationToken cancellation)
    {
        if (maxAge == TimeSpan.Zero)
            return await load(key).WaitAsync(cancellation);
        return TryGet(key, out var value) && isGood(value) ? value : await Shared(key, load, isGood).WaitAsync(cancellation);
    }

    /// <summary>The cached entry, without loading it.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => entries.TryGetValue(key, out value);

    public void Set(TKey key, TValue value)
    {
        if (maxAge > TimeSpan.Zero)
            entries.Set(key, value, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = maxAge, Size = sizeOf?.Invoke(key, value) ?? 1 });
    }

    /// <summary>The next caller loads it again.</summary>
    public void Forget(TKey key)
    {
        lock (loads)
        {
            loads.Remove(key);
            entries.Remove(key);
        }
    }

    public void Dispose() => entries.Dispose();

    private Task<TValue> Shared(TKey key, Func<TKey, Task<TValue>> load, Func<TValue, bool> isGood)
    {
        lock (loads)
        {
            if (loads.TryGetValue(key, out var running))
                return running.Value;
            if (TryGet(key, out var value) && isGood(value))
                return Task.FromResult(value);
            var begun = loads[key] = new Load();
            return begun.Value = RunAsync(key, load, begun);
        }
    }

    private async Task<TValue> RunAsync(TKey key, Func<TKey, Task<TValue>> load, Load own)
    {
        try
        {
            var value = await load(key);
            lock (loads)
            {
                // If the entry was removed during the load, the loaded value may be older than a later write.
                if (loads.GetValueOrDefault(key) == own)
                    Set(key, value);
            }
            return value;
        }
        finally
        {
            lock (loads)
            {
                if (loads.GetValueOrDefault(key) == own)
                    loads.Remove(key);
            }
        }
    }

    private sealed class Load
    {
        public Task<TValue> Value { get; set; } = null!;
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
