using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Scopes;

/// <summary>
/// The identifiers of resources are URIs, and one URI has several spellings: RFC 3986 §6.2.2 and §6.2.3. Clients write the address of an
/// API as their URL library does, with a slash for an empty path, the host in lower case and no default port.
/// </summary>
public static partial class ResourceName
{
    /// <summary>The normalized form of an identifier. A text that is not such a URI is returned unchanged.</summary>
    public static string Normalize(string identifier)
    {
        // The parser would correct characters that a URI cannot have. RFC 8707 §2: no fragment.
        if (!UriText().IsMatch(identifier) || !Uri.TryCreate(identifier, UriKind.Absolute, out var uri))
            return identifier;
        return Escaped().Replace(uri.AbsoluteUri, match => match.Value.ToUpperInvariant());
    }

    /// <summary>RFC 3986 §2, without the fragment.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?@!$&'()*+,;=%\[\]-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex UriText();

    [GeneratedRegex("%[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();
}
