namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The terms of service that people must accept before they use any client. Without these settings there are none.</summary>
public sealed record TermsOptions
{
    private const int LongestVersion = 40;

    /// <summary>Where people read the terms: an https URL. It needs <see cref="Version"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>The version of the terms, such as <c>2027-01</c>: 1 to 40 characters. The server asks people again who accepted another version.</summary>
    public string? Version { get; init; }

    internal IEnumerable<string> Problems()
    {
        if ((Address is null) != (Version is null))
            yield return "Terms:Address and Terms:Version must be set both, or neither of them";
        if (Address is not null && (!Address.IsAbsoluteUri || Address.Scheme != Uri.UriSchemeHttps || Address.UserInfo.Length > 0))
            yield return "Terms:Address must be an https URL, such as https://example.com/terms";
        if (Version is not null && (Version.Trim() != Version || Version.Length is 0 or > LongestVersion || Version.Any(char.IsControl)))
            yield return $"Terms:Version must have 1 to {LongestVersion} characters, such as 2027-01";
    }
}
