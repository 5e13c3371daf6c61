using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Limits;

/// <summary>How many passwords one network may make this instance hash: a company may sit behind one address, and no more than that.</summary>
public sealed class HashLimit(RequestSource source, TimeProvider clock)
{
    private readonly Allowance<string> ofSources = new(60, TimeSpan.FromSeconds(1), clock);

    /// <summary>Takes one hash.</summary>
    /// <returns>The network, if it is known.</returns>
    /// <exception cref="OAuthException">Status 429: none is left.</exception>
    public string? Take()
    {
        if (source.Current is not { } network || ofSources.TryTake(network, out var wait))
            return source.Current;
        ServerMetrics.Limited("hash");
        throw OAuthError.TooMany("Too many passwords were sent from one network", wait);
    }
}
