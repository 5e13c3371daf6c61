using System.Threading.RateLimiting;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Fetch;

/// <summary>
/// The kind of client for which something is fetched. Each kind has its own limit, so that strangers cannot use up the limit of the operator's
/// clients.
/// </summary>
public enum FetchFor
{
    /// <summary>A client that an operator registered, or that used an initial access token.</summary>
    OperatorsClient,

    /// <summary>A client that registered itself without a token, or is known only by its metadata document.</summary>
    Stranger,
}

/// <summary>
/// Limits the fetches of this instance: per source of the requests that cause them, per host, and in total. All three are checked before a connection
/// is made.
/// </summary>
public sealed class FetchLimits(RequestSource source, ServerOptions options, TimeProvider clock) : IDisposable
{
    private const int AtOnceOfHost = 4;
    private const int AtOnce = 32;

    private readonly Allowance<string> ofSources = new(20, TimeSpan.FromSeconds(3), clock);
    private readonly Allowance<string> ofHosts = new(30, TimeSpan.FromSeconds(1), clock);
    private readonly Allowance<FetchFor> ofAll = new(120, TimeSpan.FromSeconds(0.1), clock);

    // The limiter of hosts has a timer, and most servers fetch nothing.
    private readonly Lazy<PartitionedRateLimiter<string>> hosts = new(() => PartitionedRateLimiter.Create<string, string>(host => RateLimitPartition.GetConcurrencyLimiter(
        host, _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnceOfHost, QueueLimit = 4 * AtOnceOfHost })));

    private readonly Lazy<ConcurrencyLimiter> all = new(() => new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = 2 * AtOnce }));

    /// <summary>Counts one fetch against each limit, and waits for its turn.</summary>
    /// <returns>Dispose it when the fetch has ended.</returns>
    /// <exception cref="OAuthException"><c>temporarily_unavailable</c> with status 429: a limit is reached.</exception>
    public async Task<IDisposable> EnterAsync(Uri url, FetchFor whom, CancellationToken cancellation)
    {
        if (source.Current is { } network && !ofSources.TryTake(network, out var wait))
            throw TooMany(wait);
        // Hosts that the operator trusts are not subject to the limit per host.
        if (!options.Fetch.TrustedHosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase) && !ofHosts.TryTake(url.IdnHost, out wait))
            throw TooMany(wait);
        if (!ofAll.TryTake(whom, out wait))
            throw TooMany(wait);
        var host = await hosts.Value.AcquireAsync(url.Authority, 1, cancellation);
        if (!host.IsAcquired)
            throw TooMany(TimeSpan.Zero);
        var turn = new Turn(host, await AcquireAsync(host, cancellation));
        return turn.IsAcquired ? turn : throw Refuse(turn);
    }

    public void Dispose()
    {
        if (hosts.IsValueCreated)
            hosts.Value.Dispose();
        if (all.IsValueCreated)
            all.Value.Dispose();
    }

    private async Task<RateLimitLease> AcquireAsync(RateLimitLease host, CancellationToken cancellation)
    {
        try
        {
            return await all.Value.AcquireAsync(1, cancellation);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static OAuthException Refuse(Turn turn)
    {
        turn.Dispose();
        return TooMany(TimeSpan.Zero);
    }

    private static OAuthException TooMany(TimeSpan wait)
    {
        ServerMetrics.Limited("fetch");
        return OAuthError.TooMany("Too many documents were fetched from the addresses of clients", wait);
    }

    private sealed class Turn(RateLimitLease host, RateLimitLease all) : IDisposable
    {
        public bool IsAcquired => all.IsAcquired;

        public void Dispose()
        {
            all.Dispose();
            host.Dispose();
        }
    }
}
