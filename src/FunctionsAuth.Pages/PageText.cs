using System.Globalization;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Pages;

/// <summary>Words and addresses as a person should see them.</summary>
internal static class PageText
{
    /// <summary>The address if a browser may be sent there or may load from there, else null.</summary>
    public static string? Https(Uri? uri) =>
        uri is { IsAbsoluteUri: true } && uri.Scheme == Uri.UriSchemeHttps ? uri.AbsoluteUri : null;

    /// <summary>Whose address it is: the host, or the scheme of an app's own address.</summary>
    public static string HostOf(string address) => new Uri(address) is { Host.Length: > 0 } uri ? uri.IdnHost : new Uri(address).Scheme;

    /// <summary>Stands where a client has no logo.</summary>
    public static string Initial(PageClient client) => Initial(client.Name);

    /// <summary>Stands for a person who has no picture here.</summary>
    public static string Initial(string name)
    {
        name = name.Trim();
        return name.Length == 0 ? "?" : StringInfo.GetNextTextElement(name).ToUpperInvariant();
    }
}
