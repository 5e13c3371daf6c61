using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The enabled versions of one key in one store, as this instance last read them. They are read again in the background, at most one
/// reading at a time. While the store cannot be read, the last versions stay in use.
/// </summary>
internal sealed partial class KeyVersionCache(IKeyStore store, IKeyCopyStore copies, SigningKeyType type, KeyOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>A reading that takes longer has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long no other reading begins after one has failed, and after a reading that a refusal caused.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The pause while there are no versions to use, because requests fail until then. It also follows a reading that made the first
    /// version, because another instance may have made one at the same time.
    /// </summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task? reading;
    private volatile Reading? last;
    private volatile FailedReading? failed;
    private volatile IReadOnlyList<KeyVersion>? copied;
    private DateTimeOffset refusedAt = DateTimeOffset.MinValue;

    public IKeyStore Store => store;

    /// <summary>The versions that were read last; null until the store was read for the first time.</summary>
    public IReadOnlyList<KeyVersion>? Versions => last?.Versions;

    /// <summary>
    /// The versions whose public keys are known: those that were read last, or else, while the store could not be read even once, those of
    /// the copy. Null without either.
    /// </summary>
    public IReadOnlyList<KeyVersion>? KnownVersions => last?.Versions ?? copied;

    /// <summary>The last reading failed.</summary>
    public bool IsFailing => failed is not null;

    /// <summary>The versions should be read again.</summary>
    public bool IsDue => clock.GetUtcNow() >= (failed?.TryAgainAt ?? last?.RefreshAt ?? DateTimeOffset.MinValue);

    /// <summary>Why the last reading failed. Each caller gets an exception of its own, with the place where it was thrown.</summary>
    public KeyStoreException NewFailure() => new(failed?.Failure ?? KeyStoreFailure.Failed, failed?.Exception);

    /// <summary>
    /// Begins a reading if one is due. Waits for it only if there are no versions yet, or if they may be too old to use. A failed reading
    /// is logged and not thrown: see <see cref="IsFailing"/>.
    /// </summary>
    /// <param name="toSign">False where public keys are enough: then the copy is, too, and nobody waits for another reading.</param>
    public async ValueTask RefreshIfDueAsync(bool toSign, CancellationToken cancellation)
    {
        if (!IsDue)
            return;
        // An instance that was idle for long must not sign or publish with what it knew before. If the store has just failed to answer,
        // waiting for it again would not help.
        var tooOld = clock.GetUtcNow() - (2 * options.RefreshEvery);
        var mustWait = last is null ? toSign || copied is null : (last.LoadedAt <= tooOld && (failed is null || failed.TryAgainAt <= tooOld));
        var task = ReadIfDueAsync();
        if (mustWait)
            await task.WaitAsync(cancellation);
    }

    /// <summary>Reads the versions now.</summary>
    /// <exception cref="KeyStoreException">The store did not answer. The last versions stay in use.</exception>
    public async Task<IReadOnlyList<KeyVersion>> ReadNowAsync(CancellationToken cancellation)
    {
        // A reading that is under way may have begun before the change that the caller wants to see.
        if (reading is { } before)
            await before.WaitAsync(cancellation);
        await ReadAsync().WaitAsync(cancellation);
        return failed is null ? last!.Versions : throw NewFailure();
    }

    /// <summary>
    /// Reads the versions again because the store refused to sign with one of them; most likely somebody has disabled it. All requests that
    /// were refused wait for the same reading. After it, the versions are read for this reason only when <see cref="Pause"/> has passed.
    /// </summary>
    public async Task ReadAfterRefusalAsync(KeyVersion version, CancellationToken cancellation)
    {
        Task task;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var wasReadSince = last?.Versions.Contains(version) != true;
            if (wasReadSince || (reading is null && now < refusedAt + Pause))
                return;
            if (reading is null)
                refusedAt = now;
            task = reading ??= RunAsync();
        }
        await task.WaitAsync(cancellation);
    }

    /// <summary>A caller that found a reading due may come when another caller's reading has just ended. It then uses that result.</summary>
    private Task ReadIfDueAsync()
    {
        lock (gate)
            return reading is null && !IsDue ? Task.CompletedTask : ReadAsync();
    }

    /// <summary>Begins a reading, or joins the one that is under way.</summary>
    private Task ReadAsync()
    {
        lock (gate)
            return reading ??= RunAsync();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            last = await LoadAsync(patience.Token).WaitAsync(patience.Token);
            failed = null;
            ServerMetrics.KeysRead(store.Name, "ok");
        }
        catch (Exception e)
        {
            var failure = e is OperationCanceledException ? KeyStoreFailure.TimedOut : (e as KeyStoreException)?.Failure ?? KeyStoreFailure.Failed;
            var pause = last is null ? ShortPause : Pause;
            ServerMetrics.KeysRead(store.Name, "failed");
            try
            {
                // The copy first: from the moment when the reading counts as failed, nobody waits for it any more.
                if (last is null)
                    copied ??= await FindCopyAsync();
            }
            finally
            {
                // Also after a copy that can't be understood: otherwise each request would begin another reading.
                failed = new FailedReading(failure, e, clock.GetUtcNow() + pause);
            }
            LogNotRead(type, store.Name, last is not null ? "the last ones stay in use" : copied is not null ? "those of the copy are published, and none signs" : "there are none to use", e);
        }
        finally
        {
            lock (gate)
                reading = null;
        }
    }

    /// <returns>Null when there is none, or when it can't be read either.</returns>
    private async Task<IReadOnlyList<KeyVersion>?> FindCopyAsync()
    {
        if (!store.IsApart)
            return null;
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            return (await copies.FindAsync(store.Name, type, patience.Token).WaitAsync(patience.Token))?.Versions;
        }
        catch (Exception e) when (e is TemporarilyUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<Reading> LoadAsync(CancellationToken cancellation)
    {
        var versions = await store.ListAsync(type, cancellation);
        // Instances do not all read at the same time.
        var jitter = 0.8 + (0.2 * Random.Shared.NextDouble());
        var next = options.RefreshEvery * jitter;
        // At the first start the store has no version at all. If it has disabled versions, somebody disabled them on purpose.
        if (versions.Count == 0 && !store.IsReserve)
        {
            if (!await store.HasAnyAsync(type, cancellation))
            {
                await store.CreateAsync(type, null, cancellation);
                LogCreated(type, store.Name);
                next = ShortPause;
            }
            // This instance, or another one, has just made the first version.
            versions = await store.ListAsync(type, cancellation);
        }
        var now = clock.GetUtcNow();
        return new Reading(versions, now, now + next);
    }

    [LoggerMessage(2001, LogLevel.Error, "The {Type} signing keys in {Vault} could not be read; {Consequence}")]
    private partial void LogNotRead(SigningKeyType type, string vault, string consequence, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "There was no {Type} signing key in {Vault}; the first one was made")]
    private partial void LogCreated(SigningKeyType type, string vault);

    private sealed record Reading(IReadOnlyList<KeyVersion> Versions, DateTimeOffset LoadedAt, DateTimeOffset RefreshAt);

    private sealed record FailedReading(KeyStoreFailure Failure, Exception Exception, DateTimeOffset TryAgainAt);
}
