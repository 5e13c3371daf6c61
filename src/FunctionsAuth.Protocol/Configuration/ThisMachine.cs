using System.Net;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Addresses that only programs on the same machine can reach.</summary>
public static class ThisMachine
{
    /// <summary>
    /// <c>localhost</c> and every name below it (RFC 6761 §6.3), 127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1 (RFC 4291 §2.5.3).
    /// <see cref="Uri.IsLoopback"/> takes no name below <c>localhost</c>.
    /// </summary>
    public static bool IsHostOf(Uri uri) => uri.IsAbsoluteUri && uri.HostNameType switch
    {
        UriHostNameType.Dns => uri.Host == "localhost" || uri.Host.EndsWith(".localhost", StringComparison.Ordinal),
        UriHostNameType.IPv4 or UriHostNameType.IPv6 => IPAddress.IsLoopback(IPAddress.Parse(uri.Host)),
        _ => false,
    };
}
