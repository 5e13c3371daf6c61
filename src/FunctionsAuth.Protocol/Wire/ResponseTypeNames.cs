namespace FunctionsAuth.Protocol.Wire;

/// <summary>
/// Response types: RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types. Their words may come in any order;
/// <see cref="Normalize"/> knows one.
/// </summary>
public static class ResponseTypeNames
{
    public const string Code = "code";

    /// <summary>
    /// Multiple Response Types §4: the client learns that the person is signed in, and gets nothing. Only the server's own pages use it, so it is
    /// not among <see cref="All"/>.
    /// </summary>
    public const string None = "none";

    public static IReadOnlyList<string> All { get; } =
        [Code, "id_token", "id_token token", "code id_token", "code token", "code id_token token", "token"];

    /// <summary>The one spelling of a response type, or null when there is none of these words.</summary>
    public static string? Normalize(string responseType)
    {
        var words = responseType.Split(' ').Order(StringComparer.Ordinal);
        var normal = string.Join(' ', words);
        return All.Contains(normal) ? normal : null;
    }

    /// <summary>Everything but code brings tokens through the browser.</summary>
    public static bool IsLegacy(string responseType) => responseType != Code;

    public static bool Has(string responseType, string word) => responseType.Split(' ').Contains(word);
}
