using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>What the rollover timer does: makes a version when it is time to, and disables what has retired.</summary>
public sealed partial class KeyRollover(
    SigningKeys keys, IReadOnlyList<IKeyStore> vaults, ServerOptions options, TimeProvider clock, ILogger<KeyRollover> log)
{
    /// <exception cref="KeyStoreException">A vault failed. What could be done in the others is done.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        KeyStoreException? failure = null;
        foreach (var vault in vaults)
        {
            foreach (var type in Enum.GetValues<SigningKeyType>())
            {
                try
                {
                    await RunAsync(vault, type, cancellation);
                }
                catch (KeyStoreException e)
                {
                    failure = e;
                }
            }
        }
        if (failure is not null)
            throw failure;
        LogDone();
    }

    private async Task RunAsync(IKeyStore vault, SigningKeyType type, CancellationToken cancellation)
    {
        // What has retired goes first: that a new version can't be made is no reason to keep it.
        var versions = await keys.ReloadAsync(vault, type, cancellation);
        var now = clock.GetUtcNow();
        List<KeyVersion> retired = [.. KeyRing.At(versions, KeyRingRules.From(options), now).Retired];
        foreach (var version in retired)
        {
            await vault.DisableAsync(version, cancellation);
            LogDisabled(type, version.PublicKey.Kid, vault.Name);
        }
        var isDue = !vault.IsReserve && IsDue(versions, now) && !await vault.RotatesItselfAsync(type, cancellation);
        if (isDue)
            await CreateAsync(vault, type, versions, cancellation);
        if (isDue || retired.Count > 0)
            await keys.ReloadAsync(vault, type, cancellation);
    }

    /// <summary>The newest version is old enough, or it expires before another one could be announced.</summary>
    private bool IsDue(IReadOnlyList<KeyVersion> versions, DateTimeOffset now)
    {
        // None: somebody disabled all of them, on purpose.
        if (options.Keys.RotateEvery == TimeSpan.Zero || versions.Count == 0)
            return false;
        var newest = versions.MaxBy(version => version.CreatedAt)!;
        return newest.CreatedAt + options.Keys.RotateEvery <= now
            || newest.ExpiresAt - options.Keys.Announce - options.Lifetimes.LongestToken <= now;
    }

    private async Task CreateAsync(IKeyStore vault, SigningKeyType type, IReadOnlyList<KeyVersion> versions, CancellationToken cancellation)
    {
        try
        {
            await vault.CreateAsync(type, versions.MaxBy(version => version.CreatedAt), cancellation);
            LogCreated(type, vault.Name);
        }
        catch (KeyStoreException e) when (e.Failure == KeyStoreFailure.Refused)
        {
            LogMayNotCreate(type, vault.Name, e);
            throw;
        }
    }

    [LoggerMessage(2002, LogLevel.Information, "A new {Type} signing key was made in {Vault}")]
    private partial void LogCreated(SigningKeyType type, string vault);

    [LoggerMessage(2003, LogLevel.Information, "The {Type} signing key {Kid} in {Vault} has retired and was disabled")]
    private partial void LogDisabled(SigningKeyType type, string kid, string vault);

    // Written even if there was nothing to do: an alert waits for it.
    [LoggerMessage(2008, LogLevel.Information, "The signing keys of all vaults are up to date")]
    private partial void LogDone();

    [LoggerMessage(2007, LogLevel.Error, "A new {Type} signing key is due, and the server may not make it in {Vault}: give the key a rotation policy, or the server the right to create keys")]
    private partial void LogMayNotCreate(SigningKeyType type, string vault, Exception exception);
}
