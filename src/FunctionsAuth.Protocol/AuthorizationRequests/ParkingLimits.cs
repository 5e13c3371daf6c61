using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>Limits the unauthenticated requests that this instance stores: per browser, per source, and in total. A large request counts as several.</summary>
public sealed class ParkingLimits(RequestSource source, ServerOptions options, TimeProvider clock)
{
    /// <summary>Characters.</summary>
    private const int OneShare = 4096;

    private readonly Allowance<string> ofBrowsers = new(200, TimeSpan.FromSeconds(2), clock);
    private readonly Allowance<string> ofSources = new(300, TimeSpan.FromSeconds(0.2), clock);
    private readonly Allowance<bool> ofAll = new(2000, TimeSpan.FromMilliseconds(5), clock);

    /// <summary>Counts a request against the limits.</summary>
    /// <param name="encoded">The content that is to be stored.</param>
    /// <param name="browser">The secret that the browser sent; null if it sent none, or if a program sent the request.</param>
    /// <returns>The time until which the request can be stored while a user signs in.</returns>
    /// <exception cref="OAuthException">Status 429: a limit is reached.</exception>
    public DateTimeOffset Take(string encoded, byte[]? browser)
    {
        var shares = 1 + (encoded.Length / OneShare);
        if (browser is not null && !ofBrowsers.TryTake(Convert.ToBase64String(SHA256.HashData(browser)), out var wait, shares))
            throw TooMany(wait);
        if (source.Current is { } network && !ofSources.TryTake(network, out wait, shares))
            throw TooMany(wait);
        // A browser can invent its cookie, and one stranger can have many networks.
        return ofAll.TryTake(true, out wait, shares) ? clock.GetUtcNow() + options.Lifetimes.Interaction : throw TooMany(wait);
    }

    private static OAuthException TooMany(TimeSpan wait)
    {
        ServerMetrics.Limited("park");
        return OAuthError.TooMany("Too many authorization requests were started", wait);
    }
}
