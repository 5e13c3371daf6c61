using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The current keys as this instance knows them: which version signs, and which public keys are published. What was read from the stores is
/// kept by a <see cref="KeyVersionCache"/> for each store and type of key; what follows from it is computed here, once for each change.
/// </summary>
public sealed class SigningKeys
{
    private readonly KeyRingRules rules;
    private readonly TimeProvider clock;
    private readonly KeysOfType rsa;
    private readonly KeysOfType ec;
    private readonly KeyVersionCache[] allCaches;
    private volatile PublishedKeys? published;

    public SigningKeys(IReadOnlyList<IKeyStore> stores, IKeyCopyStore copies, ServerOptions options, TimeProvider clock, ILogger<SigningKeys> log)
    {
        rules = KeyRingRules.From(options);
        this.clock = clock;
        (rsa, ec) = (Keys(SigningKeyType.Rsa), Keys(SigningKeyType.Ec));
        allCaches = [.. rsa.Caches, .. ec.Caches];

        KeysOfType Keys(SigningKeyType type) => new([.. stores.Select(store => new KeyVersionCache(store, copies, type, options.Keys, clock, log))]);
    }

    /// <summary>Reads all keys before the first request needs them. A failure is logged and not thrown.</summary>
    public async Task WarmAsync(CancellationToken cancellation)
    {
        await RefreshAsync(allCaches, toSign: true, cancellation);
        RingOf(rsa);
        RingOf(ec);
    }

    /// <summary>The ring to sign with now. It has the keys of every store that was ever read.</summary>
    /// <exception cref="KeyStoreException">
    /// No version was announced long enough, and some store was not read yet. That store may have a better version.
    /// </exception>
    public async ValueTask<KeyRing> RingAsync(SigningKeyType type, CancellationToken cancellation)
    {
        var keys = Of(type);
        await RefreshToSignAsync(keys.Caches, cancellation);
        var ring = RingOf(keys);
        return ring.IsAnnounced || FindUnread(keys.Caches) is not { } unread ? ring : throw unread.NewFailure();
    }

    /// <summary>The same without any waiting; null where something is due to be read, or was not read yet.</summary>
    public KeyRing? FindRing(SigningKeyType type)
    {
        var keys = Of(type);
        foreach (var cache in keys.Caches)
        {
            if (cache.Versions is null || cache.IsDue)
                return null;
        }
        return RingOf(keys);
    }

    /// <summary>
    /// The ring to sign with after a store refused to sign with a version. The versions in that store are read again, once for all
    /// requests that were refused.
    /// </summary>
    public async ValueTask<KeyRing> RingAfterRefusalAsync(KeyVersion refused, CancellationToken cancellation)
    {
        await CacheOf(refused).ReadAfterRefusalAsync(refused, cancellation);
        return RingOf(Of(refused.PublicKey.Type));
    }

    /// <summary>The public keys of every type with which a valid token of this server can be signed. The list is the same object until it changes.</summary>
    /// <exception cref="KeyStoreException">
    /// Some store was not read yet, and there is no copy of its public keys. Without them, valid tokens would be refused.
    /// </exception>
    public async ValueTask<IReadOnlyList<PublicKey>> PublishedAsync(CancellationToken cancellation)
    {
        await RefreshAsync(allCaches, toSign: false, cancellation);
        if (Array.Find(allCaches, cache => cache.KnownVersions is null) is { } unknown)
            throw unknown.NewFailure();
        List<KeyRing> now = [KnownRingOf(rsa), KnownRingOf(ec)];
        if (published is { } last && last.Rings.SequenceEqual(now))
            return last.Keys;
        // The same key may have been imported into two stores, and each kid may stand in the JWKS only once.
        published = new PublishedKeys(now, [.. now.SelectMany(ring => ring.Published).Select(version => version.PublicKey).DistinctBy(key => key.Kid)]);
        return published.Keys;
    }

    /// <summary>Reads the enabled versions of a key in one store now.</summary>
    /// <exception cref="KeyStoreException">The store did not answer.</exception>
    public Task<IReadOnlyList<KeyVersion>> ReadVersionsAsync(IKeyStore store, SigningKeyType type, CancellationToken cancellation) =>
        CacheOf(type, store.Name).ReadNowAsync(cancellation);

    /// <summary>The names of the stores in which the key could not be read the last time.</summary>
    public IEnumerable<string> UnreadableStores(SigningKeyType type) => Of(type).Caches.Where(cache => cache.IsFailing).Select(cache => cache.Store.Name);

    /// <summary>The store of a version.</summary>
    public IKeyStore StoreOf(KeyVersion version) => CacheOf(version).Store;

    private static ValueTask RefreshAsync(KeyVersionCache[] some, bool toSign, CancellationToken cancellation)
    {
        // All stores are read at the same time. Most often no reading is due, and then nothing is allocated.
        List<Task>? waiting = null;
        foreach (var cache in some)
        {
            var task = cache.RefreshIfDueAsync(toSign, cancellation);
            if (!task.IsCompletedSuccessfully)
                (waiting ??= []).Add(task.AsTask());
        }
        return waiting is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(waiting));
    }

    /// <summary>The same, but a slow store is waited for only a short time if there are others: they can sign.</summary>
    private async ValueTask RefreshToSignAsync(KeyVersionCache[] some, CancellationToken cancellation)
    {
        var reading = RefreshAsync(some, toSign: true, cancellation);
        if (some.Length == 1)
            await reading;
        else if (!reading.IsCompletedSuccessfully)
            await Task.WhenAny(reading.AsTask(), Task.Delay(KeySigner.LimitBeforeOthers, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private static KeyVersionCache? FindUnread(KeyVersionCache[] some) => Array.Find(some, cache => cache.Versions is null);

    private KeyVersionCache CacheOf(KeyVersion version) => CacheOf(version.PublicKey.Type, version.Store);

    private KeyVersionCache CacheOf(SigningKeyType type, string store)
    {
        foreach (var cache in Of(type).Caches)
        {
            if (cache.Store.Name == store)
                return cache;
        }
        throw new ArgumentException($"There is no store {store}", nameof(store));
    }

    /// <summary>The ring at this moment, of the versions that were read last. It is computed only when it may have changed.</summary>
    private KeyRing RingOf(KeysOfType keys) => RingOf(keys.Caches, keys.Ring, static cache => cache.Versions);

    /// <summary>The same with the copies of stores that were not read yet: to publish and to verify, and never to sign.</summary>
    private KeyRing KnownRingOf(KeysOfType keys) =>
        FindUnread(keys.Caches) is null ? RingOf(keys) : RingOf(keys.Caches, keys.RingWithCopies, static cache => cache.KnownVersions);

    private KeyRing RingOf(KeyVersionCache[] caches, LastRing last, Func<KeyVersionCache, IReadOnlyList<KeyVersion>?> versionsOf)
    {
        var now = clock.GetUtcNow();
        if (last.Known is { } known && now >= known.At && now < known.Ring.ChangesAt && IsOf(known, caches, versionsOf))
            return known.Ring;
        IReadOnlyList<KeyVersion>?[] versions = [.. caches.Select(versionsOf)];
        var ring = KeyRing.At(versions.SelectMany(list => list ?? []), rules, now);
        last.Known = new KnownRing(versions, ring, now);
        return ring;
    }

    private KeysOfType Of(SigningKeyType type) => type == SigningKeyType.Rsa ? rsa : ec;

    private static bool IsOf(KnownRing known, KeyVersionCache[] current, Func<KeyVersionCache, IReadOnlyList<KeyVersion>?> versionsOf)
    {
        for (var i = 0; i < current.Length; i++)
        {
            if (!ReferenceEquals(versionsOf(current[i]), known.Versions[i]))
                return false;
        }
        return true;
    }

    /// <summary>What is known of the keys of one type.</summary>
    private sealed class KeysOfType(KeyVersionCache[] caches)
    {
        public KeyVersionCache[] Caches => caches;

        public LastRing Ring { get; } = new();

        public LastRing RingWithCopies { get; } = new();
    }

    private sealed class LastRing
    {
        private volatile KnownRing? known;

        public KnownRing? Known
        {
            get => known;
            set => known = value;
        }
    }

    private sealed record KnownRing(IReadOnlyList<KeyVersion>?[] Versions, KeyRing Ring, DateTimeOffset At);

    private sealed record PublishedKeys(IReadOnlyList<KeyRing> Rings, IReadOnlyList<PublicKey> Keys);
}
