namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// What the server fetches from URLs of clients: keys, metadata documents and request objects. It fetches only by https and only from public addresses.
/// </summary>
public sealed record FetchOptions
{
    /// <summary>
    /// Hosts of clients that may have a private address, such as <c>apps.intranet.example</c>. A loopback host in this list may also use http. LocalHost
    /// trusts its own machine while its issuer is on it.
    /// </summary>
    public IReadOnlyList<string> TrustedHosts { get; init; } = [];

    /// <summary>
    /// The server does not fetch the keys of a client again before this time has passed, even if a token names a new key. This keeps others from making
    /// the server fetch all the time. From 1 second to 1 hour.
    /// </summary>
    public TimeSpan KeysMinAge { get; init; } = TimeSpan.FromMinutes(1);

    internal IEnumerable<string> Problems()
    {
        if (TrustedHosts.Any(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
            yield return "Fetch:TrustedHosts must be host names or addresses, such as apps.intranet.example";
        foreach (var range in Limit.Check([new("Fetch:KeysMinAge", KeysMinAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))]))
            yield return range;
    }
}
