namespace FunctionsAuth.Protocol.Configuration;

/// <summary>What the server fetches from addresses that clients give: keys, metadata documents, request objects.</summary>
public sealed record FetchOptions
{
    /// <summary>
    /// Hosts that may have a private address, such as <c>apps.intranet.example</c>. Loopback names among them may also be
    /// reached by http.
    /// </summary>
    public IReadOnlyList<string> TrustedHosts { get; init; } = [];

    internal IEnumerable<string> Problems() =>
        from host in TrustedHosts
        where Uri.CheckHostName(host) == UriHostNameType.Unknown
        select "Fetch:TrustedHosts must be host names or addresses, such as apps.intranet.example";
}
