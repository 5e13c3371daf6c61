using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Limits;

/// <summary>Limits the passwords that one network can make this instance hash. A whole company may use one address, and the limit allows that.</summary>
public sealed class HashLimit(RequestSource source, TimeProvider clock)
{
    private readonly Allowance<string> ofSources = new(60, TimeSpan.FromSeconds(1), clock);

    /// <summary>Takes one hash.</summary>
    /// <returns>The network, if it is known.</returns>
    /// <exception cref="OAuthException">Status 429: the limit is reached.</exception>
    public string? Take()
    {
        if (source.Current is not { } network || ofSources.TryTake(network, out var wait))
            return source.Current;
        ServerMetrics.Limited("hash");
        throw OAuthError.TooMany("Too many passwords were sent from one network", wait);
    }
}
