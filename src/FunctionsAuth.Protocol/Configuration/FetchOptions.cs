namespace FunctionsAuth.Protocol.Configuration;

/// <summary>What the server fetches from addresses that clients give: keys, metadata documents, request objects.</summary>
public sealed record FetchOptions
{
    /// <summary>
    /// Hosts that may have a private address, such as <c>apps.intranet.example</c>. Loopback names among them may also be
    /// reached by http.
    /// </summary>
    public IReadOnlyList<string> TrustedHosts { get; init; } = [];

    /// <summary>
    /// A client's keys are not fetched again sooner than this, whatever its headers say and whatever key its tokens name: or anyone
    /// could make the server ask all the time. 1 second to 1 hour.
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
