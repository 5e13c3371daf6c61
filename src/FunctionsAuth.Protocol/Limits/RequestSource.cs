using System.Net;
using System.Net.Sockets;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Text;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Limits;

/// <summary>
/// The source of a request, for limits and for the audit: the network and the country, as <see cref="ClientAddressOptions"/> defines them, and the
/// browser, which is not verified.
/// </summary>
public sealed class RequestSource(ServerOptions options)
{
    private const string ForwardedFor = "X-Forwarded-For";

    // Front Door sets both itself, whatever the client sent. X-Azure-ClientIP would repeat what the client claims.
    private const string FrontDoorId = "X-Azure-FDID";
    private const string FrontDoorPeer = "X-Azure-SocketIP";

    // Limits are checked deep below the endpoints, behind caches that several requests share. The request that begins the work is counted.
    private static readonly AsyncLocal<Origin?> Source = new();

    /// <summary>The source of the current request: an IPv4 address or a /64 of IPv6; null if unknown.</summary>
    public string? Current => Source.Value?.Network;

    /// <summary>The browser and the operating system of the current request, such as <c>Firefox on Windows</c>; null if unknown.</summary>
    public string? Browser => BrowserName.Of(Source.Value?.UserAgent);

    /// <summary>The country of the current request (ISO 3166-1, two letters); null if unknown.</summary>
    public string? Country => Source.Value?.Country;

    /// <summary>Sets the current request.</summary>
    public void Begin(HttpContext http) => Source.Value = new Origin(
        AddressOf(http) is { } address ? NetworkOf(address) : null, CountryOf(http.Request.Headers), http.Request.Headers.UserAgent.ToString());

    private string? CountryOf(IHeaderDictionary headers)
    {
        if (options.ClientAddress.CountryHeader is not { } name || (options.ClientAddress.Source == ClientAddressOptions.FrontDoor && !IsOfFrontDoor(headers)))
            return null;
        var value = headers[name].ToString();
        // Cloudflare uses XX and T1 for no country.
        return value.Length == 2 && value.All(char.IsAsciiLetterUpper) && value != "XX" ? value : null;
    }

    private IPAddress? AddressOf(HttpContext http) => options.ClientAddress.Source switch
    {
        ClientAddressOptions.Forwarded => ForwardedOf(http),
        ClientAddressOptions.FrontDoor => FrontDoorOf(http.Request.Headers),
        _ => null,
    };

    private static IPAddress? ForwardedOf(HttpContext http)
    {
        var header = http.Request.Headers[ForwardedFor].ToString();
        if (header.Length > 0)
            return Parse(header[(header.LastIndexOf(',') + 1)..].Trim());
        // The worker may have read the header already. If a proxy does not set it, all people count as one source.
        return http.Connection.RemoteIpAddress is { } address && PublicAddresses.Contains(address) ? address : null;
    }

    private IPAddress? FrontDoorOf(IHeaderDictionary headers) =>
        IsOfFrontDoor(headers) ? Parse(headers[FrontDoorPeer].ToString()) : null;

    private bool IsOfFrontDoor(IHeaderDictionary headers) => Guid.TryParse(headers[FrontDoorId].ToString(), out var id) && id == options.ClientAddress.FrontDoorId;

    /// <summary>Some proxies include the port.</summary>
    private static IPAddress? Parse(string text) =>
        IPAddress.TryParse(text, out var address) ? address : IPEndPoint.TryParse(text, out var endpoint) ? endpoint.Address : null;

    /// <summary>An IPv6 subscriber has at least a /64 and can use each address in it.</summary>
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private sealed record Origin(string? Network, string? Country, string UserAgent);
}
