namespace FunctionsAuth.Protocol.Scopes;

/// <summary>
/// The identifiers of resources are URIs, and one URI has several spellings: RFC 3986 §6.2.2 and §6.2.3. Clients write the address of an
/// API as their URL library does, with a slash for an empty path, the host in lower case and no default port.
/// </summary>
public static class ResourceName
{
    private const string OtherCharacters = "._~:/?@!$&'()*+,;=%[]-";

    /// <summary>The normalized form of an identifier. A text that is not such a URI is returned unchanged.</summary>
    public static string Normalize(string identifier)
    {
        // The parser would correct characters that a URI cannot have. RFC 8707 §2: no fragment.
        if (!IsUriText(identifier) || !Uri.TryCreate(identifier, UriKind.Absolute, out var uri))
            return identifier;
        return WithUpperEscapes(uri.AbsoluteUri);
    }

    /// <summary>RFC 3986 §2, without the fragment.</summary>
    private static bool IsUriText(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var end
        && char.IsAsciiLetter(text[0])
        && NameText.IsMadeOf(text.AsSpan(0, end), int.MaxValue, c => char.IsAsciiLetterOrDigit(c) || c is '+' or '.' or '-')
        && NameText.IsMadeOf(text.AsSpan(end), int.MaxValue, c => char.IsAsciiLetterOrDigit(c) || OtherCharacters.Contains(c, StringComparison.Ordinal));

    /// <summary>The hexadecimal digits of escapes in upper case, as RFC 3986 §6.2.2.1 prefers them.</summary>
    private static string WithUpperEscapes(string uri)
    {
        if (!uri.Contains('%', StringComparison.Ordinal))
            return uri;
        var characters = uri.ToCharArray();
        for (var i = 0; i < characters.Length - 2; i++)
        {
            if (characters[i] == '%' && char.IsAsciiHexDigit(characters[i + 1]) && char.IsAsciiHexDigit(characters[i + 2]))
                (characters[i + 1], characters[i + 2]) = (char.ToUpperInvariant(characters[i + 1]), char.ToUpperInvariant(characters[i + 2]));
        }
        return new string(characters);
    }
}
