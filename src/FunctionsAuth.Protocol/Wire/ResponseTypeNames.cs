namespace FunctionsAuth.Protocol.Wire;

/// <summary>
/// Response types: RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types. Their words can be in any order; <see cref="Normalize"/> returns them in one fixed
/// order.
/// </summary>
public static class ResponseTypeNames
{
    public const string Code = "code";

    /// <summary>
    /// Multiple Response Types §4: the client learns only that the user is signed in, and gets no code or token. Only the server's own pages use it, so it is
    /// not part of <see cref="All"/>.
    /// </summary>
    public const string None = "none";

    public static IReadOnlyList<string> All { get; } =
        [Code, "id_token", "id_token token", "code id_token", "code token", "code id_token token", "token"];

    /// <summary>The response type with its words in the fixed order; null for an unknown response type.</summary>
    public static string? Normalize(string responseType)
    {
        var words = responseType.Split(' ').Order(StringComparer.Ordinal);
        var normal = string.Join(' ', words);
        return All.Contains(normal) ? normal : null;
    }

    /// <summary>All response types except code return tokens through the browser.</summary>
    public static bool IsLegacy(string responseType) => responseType != Code;

    public static bool Has(string responseType, string word) => responseType.Split(' ').Contains(word);
}
