using System.Globalization;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Pages;

/// <summary>Texts and addresses in a form for users.</summary>
internal static class PageText
{
    /// <summary>The address if it is safe for links and images, else null.</summary>
    public static string? Https(Uri? uri) =>
        uri is { IsAbsoluteUri: true } && uri.Scheme == Uri.UriSchemeHttps ? uri.AbsoluteUri : null;

    /// <summary>The owner of an address: its host, or the scheme of an app's private-use address.</summary>
    public static string HostOf(string address) => new Uri(address) is { Host.Length: > 0 } uri ? uri.IdnHost : new Uri(address).Scheme;

    /// <summary>The letter that is shown for a client without a logo.</summary>
    public static string Initial(PageClient client) => Initial(client.Name);

    /// <summary>The letter that is shown for a user, because users have no pictures.</summary>
    public static string Initial(string name)
    {
        name = name.Trim();
        return name.Length == 0 ? "?" : StringInfo.GetNextTextElement(name).ToUpperInvariant();
    }
}
