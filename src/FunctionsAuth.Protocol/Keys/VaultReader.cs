using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The versions of one key in one vault, as this instance last read them: read again in the background, with jitter, and one
/// reading at a time. While the vault can't be read, the last ones stay.
/// </summary>
internal sealed partial class VaultReader(IKeyStore vault, SigningKeyType type, KeyOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>A vault that has not answered by then is not waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>After a failure, and after a refusal that made it read again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Who begins with nothing can't wait so long. Nor who has just made the first version: another instance may have, too.</summary>
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task? reading;
    private volatile Reading? last;
    private volatile Failed? failed;
    private DateTimeOffset refusedAt = DateTimeOffset.MinValue;

    public IKeyStore Vault => vault;

    /// <summary>Null until the vault was read for the first time.</summary>
    public IReadOnlyList<KeyVersion>? Versions => last?.Versions;

    /// <summary>The last reading failed.</summary>
    public bool IsFailing => failed is not null;

    /// <summary>Why the last reading failed. A new exception each time: requests write into them where to return.</summary>
    public KeyStoreException NewFailure() => new(failed?.Failure ?? KeyStoreFailure.Failed, failed?.Exception);

    /// <summary>Reads when it is time to, and waits for it when what there is may be too old. Never fails: see <see cref="IsFailing"/>.</summary>
    public async ValueTask FreshenAsync(CancellationToken cancellation)
    {
        if (!IsDue())
            return;
        var now = clock.GetUtcNow();
        // One that nobody asked for long must not sign or publish by what it knew then. One whose vault has just failed knows no better.
        var tooOld = now - (2 * options.RefreshEvery);
        var mustWait = last is null || (last.LoadedAt <= tooOld && (failed is null || failed.TryAgainAt <= tooOld));
        var task = ReadIfDueAsync();
        if (mustWait)
            await task.WaitAsync(cancellation);
    }

    /// <summary>Reads now.</summary>
    /// <exception cref="KeyStoreException">The vault did not answer; what was known stays in use.</exception>
    public async Task<IReadOnlyList<KeyVersion>> ReloadAsync(CancellationToken cancellation)
    {
        // One that is under way may have begun before what the caller wants to see.
        if (reading is { } before)
            await before.WaitAsync(cancellation);
        await ReadAsync().WaitAsync(cancellation);
        return failed is null ? last!.Versions : throw NewFailure();
    }

    /// <summary>
    /// The vault no longer signs with a version that it had offered, and most likely somebody disabled it: all that meet the same
    /// wait for one reading, and until it is worth another none follows.
    /// </summary>
    public async Task ReloadAfterRefusalAsync(KeyVersion version, CancellationToken cancellation)
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

    private bool IsDue() => clock.GetUtcNow() >= (failed?.TryAgainAt ?? last?.RefreshAt ?? DateTimeOffset.MinValue);

    /// <summary>Whoever finds it due and comes when a reading has just ended has what it found.</summary>
    private Task ReadIfDueAsync()
    {
        lock (gate)
            return reading is null && !IsDue() ? Task.CompletedTask : ReadAsync();
    }

    /// <summary>One reading at a time: whoever comes meanwhile waits for the same.</summary>
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
            ServerMetrics.KeysRead(vault.Name, "ok");
        }
        catch (Exception e)
        {
            var failure = e is OperationCanceledException ? KeyStoreFailure.TimedOut : (e as KeyStoreException)?.Failure ?? KeyStoreFailure.Failed;
            var pause = last is null ? ShortPause : Pause;
            failed = new Failed(failure, e, clock.GetUtcNow() + pause);
            ServerMetrics.KeysRead(vault.Name, "failed");
            LogNotRead(type, vault.Name, last is null ? "there are none to use" : "the last ones stay in use", e);
        }
        finally
        {
            lock (gate)
                reading = null;
        }
    }

    private async Task<Reading> LoadAsync(CancellationToken cancellation)
    {
        var versions = await vault.ListAsync(type, cancellation);
        var jitter = 0.8 + (0.2 * Random.Shared.NextDouble());
        var next = options.RefreshEvery * jitter;
        // A vault without keys: the first start. Not one whose keys were all disabled, which somebody did on purpose.
        if (versions.Count == 0 && !vault.IsReserve)
        {
            if (!await vault.HasAnyAsync(type, cancellation))
            {
                await vault.CreateAsync(type, null, cancellation);
                LogCreated(type, vault.Name);
                next = ShortPause;
            }
            // Made by us just now, or by another instance.
            versions = await vault.ListAsync(type, cancellation);
        }
        var now = clock.GetUtcNow();
        return new Reading(versions, now, now + next);
    }

    [LoggerMessage(2001, LogLevel.Error, "The {Type} signing keys in {Vault} could not be read; {Consequence}")]
    private partial void LogNotRead(SigningKeyType type, string vault, string consequence, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "There was no {Type} signing key in {Vault}; the first one was made")]
    private partial void LogCreated(SigningKeyType type, string vault);

    private sealed record Reading(IReadOnlyList<KeyVersion> Versions, DateTimeOffset LoadedAt, DateTimeOffset RefreshAt);

    private sealed record Failed(KeyStoreFailure Failure, Exception Exception, DateTimeOffset TryAgainAt);
}
