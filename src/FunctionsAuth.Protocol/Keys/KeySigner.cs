using System.Collections.Concurrent;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// Signs with the keys that the ring names. The work is spread over the stores; when one fails, another one signs instead, and when a store
/// refuses a version, its versions are read again. The answer, which may be a failure, comes within 5 seconds.
/// </summary>
public sealed partial class KeySigner(SigningKeys keys, TimeProvider clock, ILogger<KeySigner> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for one store while another store can still sign within <see cref="Limit"/>.</summary>
    internal static readonly TimeSpan LimitBeforeOthers = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Store, SigningKeyType Type), KeyStoreHealth> health = new();
    private uint turns;

    /// <summary>Signs with a version of the ring, and tells which one it was.</summary>
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/>.</param>
    /// <param name="digestFor">
    /// Computes the SHA-256 digest of what is signed, which names the version. It is called for each version that is asked; the last one signs.
    /// </param>
    /// <returns>The signature in the form of JWS (RFC 7518 §3).</returns>
    /// <exception cref="KeyStoreException">No store signed.</exception>
    public Task<(KeyVersion Key, byte[] Signature)> SignAsync(string algorithm, Func<KeyVersion, byte[]> digestFor, CancellationToken cancellation) =>
        TrySign(algorithm, digestFor) is { } signed ? Task.FromResult(signed) : SignInTimeAsync(algorithm, digestFor, cancellation);

    /// <summary>Signs at once where one version signs, its private key is in memory, and nothing has failed: then there is nothing to choose and nothing to wait for.</summary>
    private (KeyVersion Key, byte[] Signature)? TrySign(string algorithm, Func<KeyVersion, byte[]> digestFor)
    {
        if (keys.FindRing(SigningKeyTypes.Of(algorithm)) is not { Signing: [var key, ..], Spread: < 2 } || !HealthOf(key).HasNoFailure)
            return null;
        if (keys.StoreOf(key).TrySign(key, algorithm, digestFor) is not { } signature)
            return null;
        ServerMetrics.Signed(algorithm);
        return (key, signature);
    }

    private async Task<(KeyVersion Key, byte[] Signature)> SignInTimeAsync(string algorithm, Func<KeyVersion, byte[]> digestFor, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(LimitNow(), clock);
        using var link = CancelWith(cancellation, limit);
        try
        {
            return await TimeBudget.SpendAsync(() => SignWithAnyAsync(algorithm, digestFor, limit.Token, cancellation));
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new KeyStoreException(KeyStoreFailure.TimedOut, e);
        }
    }

    /// <summary>The stores that sign now or could not be read, and whether each fails.</summary>
    /// <exception cref="KeyStoreException">No key can be read.</exception>
    public async Task<IReadOnlyList<(string Store, bool Fails)>> HealthAsync(SigningKeyType type, CancellationToken cancellation)
    {
        var ring = await keys.RingAsync(type, cancellation);
        var now = clock.GetUtcNow();
        List<string> unreadable = [.. keys.UnreadableStores(type)];
        var signing = ring.Signing.Select(version => (version.Store, unreadable.Contains(version.Store) || HealthOf(version).IsFailing(now)));
        return [.. signing, .. unreadable.Except(ring.Signing.Select(version => version.Store)).Select(store => (store, true))];
    }

    /// <summary>At most what the request has left.</summary>
    private static TimeSpan LimitNow() => TimeBudget.Remaining is { } left && left < Limit ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : Limit;

    /// <summary>Asks one version after the other until one signs.</summary>
    private async Task<(KeyVersion Key, byte[] Signature)> SignWithAnyAsync(
        string algorithm, Func<KeyVersion, byte[]> digestFor, CancellationToken limit, CancellationToken client)
    {
        var turn = Interlocked.Increment(ref turns);
        KeyStoreException? failure = null;
        List<KeyVersion> tried = [];
        var ring = await keys.RingAsync(SigningKeyTypes.Of(algorithm), limit);
        while (true)
        {
            List<KeyVersion> left = [.. InTurn(ring, turn).Where(version => !tried.Contains(version))];
            if (left.Count == 0)
                throw failure ?? new KeyStoreException(KeyStoreFailure.Refused);
            var key = Choose(left);
            tried.Add(key);
            try
            {
                return (key, await SignWithAsync(key, algorithm, digestFor(key), left.Count > 1, limit, client));
            }
            catch (KeyStoreException e)
            {
                failure = e;
            }
            if (failure.Failure == KeyStoreFailure.Refused)
                ring = await keys.RingAfterRefusalAsync(key, limit);
        }
    }

    /// <summary>The versions that share the work, beginning with another one at each turn, and then those that stand by.</summary>
    private static IEnumerable<KeyVersion> InTurn(KeyRing ring, uint turn) =>
        ring.Spread < 2 ? ring.Signing : Enumerable.Range(0, ring.Signing.Count).Select(i => ring.Signing[i < ring.Spread ? (int)((turn + i) % ring.Spread) : i]);

    /// <exception cref="KeyStoreException">Every store asked to wait.</exception>
    private KeyVersion Choose(List<KeyVersion> versions)
    {
        var now = clock.GetUtcNow();
        var waits = versions.ConvertAll(version => HealthOf(version).WaitFor(now));
        if (waits.TrueForAll(wait => wait > TimeSpan.Zero))
            throw new KeyStoreException(KeyStoreFailure.Throttled) { WaitFor = waits.Min() };
        var willing = versions.Where((_, i) => waits[i] <= TimeSpan.Zero);
        return willing.FirstOrDefault(version => HealthOf(version).TryBegin(now)) ?? willing.First();
    }

    private async Task<byte[]> SignWithAsync(
        KeyVersion key, string algorithm, byte[] digest, bool othersCanSign, CancellationToken limit, CancellationToken client)
    {
        using var limitBeforeOthers = othersCanSign ? new CancellationTokenSource(LimitBeforeOthers, clock) : null;
        using var link = limitBeforeOthers is null ? default : CancelWith(limit, limitBeforeOthers);
        var started = clock.GetUtcNow();
        var patience = limitBeforeOthers?.Token ?? limit;
        try
        {
            var signature = await keys.StoreOf(key).SignAsync(key, algorithm, digest, patience).WaitAsync(patience);
            ServerMetrics.Signed(algorithm);
            if (HealthOf(key).RecordSuccess(started))
                LogSignsAgain(key.Store, key.PublicKey.Kid);
            return signature;
        }
        catch (Exception e) when (e is KeyStoreException || (e is OperationCanceledException && !client.IsCancellationRequested))
        {
            var failure = e as KeyStoreException ?? new KeyStoreException(KeyStoreFailure.TimedOut, e);
            ServerMetrics.SignatureFailed(key.Store, NameOf(failure.Failure));
            if (HealthOf(key).RecordFailure(started, clock.GetUtcNow(), failure.WaitFor))
                LogDoesNotSign(key.Store, key.PublicKey.Kid, failure.Failure, failure);
            throw failure;
        }
    }

    /// <summary>
    /// A linked source has no limit by a <see cref="TimeProvider"/>, and would be a second source beside the one that has. This makes one
    /// source do both.
    /// </summary>
    private static CancellationTokenRegistration CancelWith(CancellationToken token, CancellationTokenSource source) =>
        token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);

    /// <summary>The name of a failure in the metrics.</summary>
    private static string NameOf(KeyStoreFailure failure) => failure switch
    {
        KeyStoreFailure.Throttled => "throttled",
        KeyStoreFailure.Refused => "refused",
        KeyStoreFailure.TimedOut => "timed_out",
        _ => "failed",
    };

    /// <summary>Each type of key in a store has a health of its own, because a store may refuse one key and sign with the other.</summary>
    private KeyStoreHealth HealthOf(KeyVersion version) => health.GetOrAdd((version.Store, version.PublicKey.Type), static _ => new KeyStoreHealth());

    [LoggerMessage(2005, LogLevel.Error, "{Vault} does not sign with {Kid} any more ({Failure}); until it does again, failures are counted and not logged")]
    private partial void LogDoesNotSign(string vault, string kid, KeyStoreFailure failure, Exception exception);

    [LoggerMessage(2006, LogLevel.Information, "{Vault} signs again, with {Kid}")]
    private partial void LogSignsAgain(string vault, string kid);
}
