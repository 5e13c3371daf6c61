using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The work of the rollover timer: makes a new version when one is due, disables the versions that have retired, and keeps the copies of the
/// public keys.
/// </summary>
public sealed partial class KeyRollover(
    SigningKeys keys, IReadOnlyList<IKeyStore> stores, KeyCopies copies, SecurityEvents events, ServerOptions options, TimeProvider clock, ILogger<KeyRollover> log)
{
    /// <summary>Runs once over every store and type of key.</summary>
    /// <exception cref="TemporarilyUnavailableException">A store failed, or the table of the copies. The work in the other stores is done.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TemporarilyUnavailableException? failure = null;
        foreach (var store in stores)
        {
            foreach (var type in Enum.GetValues<SigningKeyType>())
            {
                try
                {
                    await RollOverAsync(store, type, cancellation);
                }
                catch (TemporarilyUnavailableException e)
                {
                    failure = e;
                }
            }
        }
        if (failure is not null)
            throw failure;
        LogDone();
    }

    private async Task RollOverAsync(IKeyStore store, SigningKeyType type, CancellationToken cancellation)
    {
        // Retired versions are disabled first, so that they go even if no new version can be made.
        var versions = await keys.ReadVersionsAsync(store, type, cancellation);
        var now = clock.GetUtcNow();
        List<KeyVersion> retired = [.. KeyRing.At(versions, KeyRingRules.From(options), now).Retired];
        foreach (var version in retired)
        {
            await store.DisableAsync(version, cancellation);
            await events.KeyDisabledAsync(type.ToString(), version.PublicKey.Kid, store.Name);
        }
        var isDue = !store.IsReserve && IsDue(versions, now) && !await store.RotatesItselfAsync(type, cancellation);
        if (isDue)
            await CreateAsync(store, type, versions, cancellation);
        if (isDue || retired.Count > 0)
            versions = await keys.ReadVersionsAsync(store, type, cancellation);
        await copies.KeepAsync(store, type, versions, cancellation);
    }

    /// <summary>A version is due when the newest is older than <c>Keys:RotateEvery</c>, or expires before another one could be announced.</summary>
    private bool IsDue(IReadOnlyList<KeyVersion> versions, DateTimeOffset now)
    {
        // If there is no enabled version, somebody has disabled all of them on purpose.
        if (options.Keys.RotateEvery == TimeSpan.Zero || versions.Count == 0)
            return false;
        var newest = versions.MaxBy(version => version.CreatedAt)!;
        return newest.CreatedAt + options.Keys.RotateEvery <= now
            || newest.ExpiresAt - options.Keys.Announce - options.Lifetimes.LongestToken <= now;
    }

    private async Task CreateAsync(IKeyStore store, SigningKeyType type, IReadOnlyList<KeyVersion> versions, CancellationToken cancellation)
    {
        try
        {
            await store.CreateAsync(type, versions.MaxBy(version => version.CreatedAt), cancellation);
            await events.KeyCreatedAsync(type.ToString(), store.Name);
        }
        catch (KeyStoreException e) when (e.Failure == KeyStoreFailure.Refused)
        {
            LogMayNotCreate(type, store.Name, e);
            throw;
        }
    }

    // This is written even if there was nothing to do, because an alert fires when it is missing.
    [LoggerMessage(2008, LogLevel.Information, "The signing keys of all vaults are up to date")]
    private partial void LogDone();

    [LoggerMessage(2007, LogLevel.Error, "A new {Type} signing key is due, and the server may not make it in {Vault}: give the key a rotation policy, or the server the right to create keys")]
    private partial void LogMayNotCreate(SigningKeyType type, string vault, Exception exception);
}
