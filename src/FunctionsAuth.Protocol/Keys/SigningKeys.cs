using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The rings as this instance sees them: read when first needed, then again in the background every
/// <see cref="KeyOptions.RefreshEvery"/>, with jitter. An instance that nobody asked for longer than that reads them first.
/// While the vault can't be read, the last ring stays.
/// </summary>
public sealed partial class SigningKeys(IKeyVault vault, ServerOptions options, TimeProvider clock, ILogger<SigningKeys> log)
{
    private readonly Dictionary<string, RingCache> rings = SigningAlgorithms.All.ToDictionary(alg => alg, _ => new RingCache());

    public async ValueTask<KeyRing> RingAsync(string algorithm, CancellationToken cancellation)
    {
        var cache = rings[algorithm];
        var now = clock.GetUtcNow();
        if (cache.Current is not { } current || (now >= current.RefreshAt && now >= current.LoadedAt + (2 * options.Keys.RefreshEvery)))
            await RefreshAsync(algorithm, cache).WaitAsync(cancellation);
        else if (now >= current.RefreshAt)
            _ = RefreshAsync(algorithm, cache);
        return KeyRing.At(cache.Current?.Versions ?? [], options.Keys, options.Lifetimes.LongestToken, now);
    }

    /// <summary>All keys that a token of this server may be signed with, of every algorithm.</summary>
    public async ValueTask<IReadOnlyList<PublicKey>> PublishedAsync(CancellationToken cancellation)
    {
        var published = new List<PublicKey>();
        foreach (var algorithm in SigningAlgorithms.All)
            published.AddRange((await RingAsync(algorithm, cancellation)).Published.Select(version => version.PublicKey));
        return published;
    }

    /// <exception cref="TemporarilyUnavailableException">No key can sign now.</exception>
    public async ValueTask<KeyVersion> SigningAsync(string algorithm, CancellationToken cancellation) =>
        (await RingAsync(algorithm, cancellation)).Signing ?? throw new TemporarilyUnavailableException("key vault");

    /// <summary>Reads the versions again now, and fails where the background refresh would only log.</summary>
    public Task<IReadOnlyList<KeyVersion>> ReloadAsync(string algorithm, CancellationToken cancellation) => LoadAsync(algorithm, rings[algorithm], cancellation);

    /// <summary>One refresh at a time: whoever comes meanwhile waits for the same.</summary>
    private Task RefreshAsync(string algorithm, RingCache cache)
    {
        lock (cache)
            return cache.Refresh ??= Run();

        async Task Run()
        {
            await Task.Yield();
            try
            {
                await LoadAsync(algorithm, cache, CancellationToken.None);
            }
            catch (TemporarilyUnavailableException e) when (cache.Current is { } last)
            {
                cache.Current = last with { RefreshAt = clock.GetUtcNow() + TimeSpan.FromSeconds(10) };
                LogRefreshFailed(algorithm, e);
            }
            finally
            {
                lock (cache)
                    cache.Refresh = null;
            }
        }
    }

    private async Task<IReadOnlyList<KeyVersion>> LoadAsync(string algorithm, RingCache cache, CancellationToken cancellation)
    {
        var versions = await vault.ListAsync(algorithm, cancellation);
        // A vault without keys: the first start. Not one whose keys were all disabled, which somebody did on purpose.
        if (versions.Count == 0 && !await vault.HasAnyAsync(algorithm, cancellation))
        {
            await vault.CreateAsync(algorithm, cancellation);
            LogCreated(algorithm);
            versions = await vault.ListAsync(algorithm, cancellation);
        }
        var jitter = 0.8 + (0.2 * Random.Shared.NextDouble());
        var now = clock.GetUtcNow();
        cache.Current = new Snapshot(versions, now, now + (options.Keys.RefreshEvery * jitter));
        return versions;
    }

    [LoggerMessage(2001, LogLevel.Error, "The signing keys for {Algorithm} could not be read again; the last ones stay in use")]
    private partial void LogRefreshFailed(string algorithm, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "There was no signing key for {Algorithm}; the first one was made")]
    private partial void LogCreated(string algorithm);

    private sealed record Snapshot(IReadOnlyList<KeyVersion> Versions, DateTimeOffset LoadedAt, DateTimeOffset RefreshAt);

    private sealed class RingCache
    {
        public volatile Snapshot? Current;
        public Task? Refresh;
    }
}
