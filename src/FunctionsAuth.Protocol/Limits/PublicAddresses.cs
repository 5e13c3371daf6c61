using System.Net;
using System.Net.Sockets;

namespace FunctionsAuth.Protocol.Limits;

/// <summary>
/// Tells public addresses from internal ones. The server fetches nothing for a client from addresses in IANA's registries of special-purpose
/// addresses.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special = [.. Parse(
        // RFC 6890 and its updates: this network, private, shared, loopback, link-local, protocol assignments, documentation, relays, benchmarks,
        // multicast, reserved. 168.63.129.16 is an address of Azure that exists inside every network.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32")];

    // All assigned IPv6 addresses are global unicast addresses. These are the special ranges among them: Teredo and similar protocols, documentation, 6to4.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialUnicast = [.. Parse("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Special.Any(network => network.Contains(address))
            : GlobalUnicast.Contains(address) && !SpecialUnicast.Any(network => network.Contains(address));
    }

    private static IEnumerable<IPNetwork> Parse(params string[] networks) => networks.Select(network => IPNetwork.Parse(network));
}
