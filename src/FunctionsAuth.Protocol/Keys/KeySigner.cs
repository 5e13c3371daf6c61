using System.Collections.Concurrent;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// Signs with what the ring says: spreads over the vaults, turns to another when one fails, and has the ring read again when a
/// version is refused. It answers within <see cref="Limit"/>, if only with a failure.
/// </summary>
public sealed partial class KeySigner(SigningKeys keys, TimeProvider clock, ILogger<KeySigner> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A vault that hangs is not waited for any longer while another can help out in time.</summary>
    internal static readonly TimeSpan LimitBeforeOthers = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Store, SigningKeyType Type), KeyStoreHealth> health = new();
    private uint turns;

    /// <param name="digestFor">SHA-256 of what is signed, which names the key.</param>
    /// <exception cref="KeyStoreException">No vault signed.</exception>
    public async Task<(KeyVersion Key, byte[] Signature)> SignAsync(string algorithm, Func<KeyVersion, byte[]> digestFor, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(Limit, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return await SignAsync(algorithm, digestFor, limit.Token, cancellation);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new KeyStoreException(KeyStoreFailure.TimedOut, e);
        }
    }

    /// <summary>The vaults that sign now, and whether the last signature that each was asked for failed.</summary>
    /// <exception cref="KeyStoreException">No key can be read.</exception>
    public async Task<IReadOnlyList<(string Vault, bool Fails)>> HealthAsync(SigningKeyType type, CancellationToken cancellation)
    {
        var ring = await keys.RingAsync(type, cancellation);
        var now = clock.GetUtcNow();
        List<string> unreadable = [.. keys.UnreadableStores(type)];
        var signing = ring.Signing.Select(version => (version.Store, unreadable.Contains(version.Store) || HealthOf(version).IsFailing(now)));
        return [.. signing, .. unreadable.Except(ring.Signing.Select(version => version.Store)).Select(vault => (vault, true))];
    }

    private async Task<(KeyVersion Key, byte[] Signature)> SignAsync(string algorithm, Func<KeyVersion, byte[]> digestFor, CancellationToken limit, CancellationToken client)
    {
        var turn = Interlocked.Increment(ref turns);
        KeyStoreException? failure = null;
        List<KeyVersion> tried = [];
        var type = SigningKeyTypes.Of(algorithm);
        var ring = await keys.RingAsync(type, limit);
        while (true)
        {
            List<KeyVersion> left = [.. InTurn(ring, turn).Where(version => !tried.Contains(version))];
            if (left.Count == 0)
                throw failure ?? new KeyStoreException(KeyStoreFailure.Refused);
            var key = Choose(left);
            tried.Add(key);
            try
            {
                return (key, await SignAsync(key, algorithm, digestFor(key), left.Count > 1, limit, client));
            }
            catch (KeyStoreException e)
            {
                failure = e;
            }
            if (failure.Failure == KeyStoreFailure.Refused)
                ring = await keys.RingAfterRefusalAsync(key, limit);
        }
    }

    /// <summary>Those that share the work take turns; the others stand in after them.</summary>
    private static IEnumerable<KeyVersion> InTurn(KeyRing ring, uint turn) =>
        ring.Spread < 2 ? ring.Signing : Enumerable.Range(0, ring.Signing.Count).Select(i => ring.Signing[i < ring.Spread ? (int)((turn + i) % ring.Spread) : i]);

    /// <exception cref="KeyStoreException">Each of them wants to be left alone.</exception>
    private KeyVersion Choose(List<KeyVersion> versions)
    {
        var now = clock.GetUtcNow();
        var silences = versions.ConvertAll(version => HealthOf(version).SilentFor(now));
        if (silences.TrueForAll(silence => silence > TimeSpan.Zero))
            throw new KeyStoreException(KeyStoreFailure.Throttled) { WaitFor = silences.Min() };
        var willing = versions.Where((_, i) => silences[i] <= TimeSpan.Zero);
        return willing.FirstOrDefault(version => !HealthOf(version).Rests(now)) ?? willing.First();
    }

    private async Task<byte[]> SignAsync(KeyVersion key, string algorithm, byte[] digest, bool othersCanHelp, CancellationToken limit, CancellationToken client)
    {
        using var time = othersCanHelp ? new CancellationTokenSource(LimitBeforeOthers, clock) : null;
        using var limited = time is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit, time.Token);
        var started = clock.GetUtcNow();
        var patience = limited?.Token ?? limit;
        try
        {
            var signature = await keys.StoreOf(key).SignAsync(key, algorithm, digest, patience).WaitAsync(patience);
            ServerMetrics.Signed(algorithm);
            if (HealthOf(key).Succeeded(started))
                LogSignsAgain(key.Store, key.PublicKey.Kid);
            return signature;
        }
        catch (Exception e) when (e is KeyStoreException || (e is OperationCanceledException && !client.IsCancellationRequested))
        {
            var failure = e as KeyStoreException ?? new KeyStoreException(KeyStoreFailure.TimedOut, e);
            ServerMetrics.SignatureFailed(key.Store, NameOf(failure.Failure));
            if (HealthOf(key).HasFailed(started, clock.GetUtcNow(), failure.WaitFor))
                LogDoesNotSign(key.Store, key.PublicKey.Kid, failure.Failure, failure);
            throw failure;
        }
    }

    /// <summary>As it is counted.</summary>
    private static string NameOf(KeyStoreFailure failure) => failure switch
    {
        KeyStoreFailure.Throttled => "throttled",
        KeyStoreFailure.Refused => "refused",
        KeyStoreFailure.TimedOut => "timed_out",
        _ => "failed",
    };

    /// <summary>Each key has its own: the server may be refused one and not the other.</summary>
    private KeyStoreHealth HealthOf(KeyVersion version) => health.GetOrAdd((version.Store, version.PublicKey.Type), _ => new KeyStoreHealth());

    [LoggerMessage(2005, LogLevel.Error, "{Vault} does not sign with {Kid} any more ({Failure}); until it does again, failures are counted and not logged")]
    private partial void LogDoesNotSign(string vault, string kid, KeyStoreFailure failure, Exception exception);

    [LoggerMessage(2006, LogLevel.Information, "{Vault} signs again, with {Kid}")]
    private partial void LogSignsAgain(string vault, string kid);
}
