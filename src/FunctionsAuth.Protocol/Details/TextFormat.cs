using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Details;

/// <summary>A <c>format</c> of JSON Schema that is checked.</summary>
public sealed partial record TextFormat(string Name, Func<string, bool> Fits)
{
    public static IReadOnlyList<TextFormat> All { get; } = [new("date", IsDate), new("date-time", IsMoment), new("uri", IsUri)];

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>RFC 3339 §5.6.</summary>
    private static bool IsMoment(string text) => Moment().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    /// <summary>On Unix, a path alone is an absolute URI for <see cref="Uri"/>, so the scheme is checked too.</summary>
    private static bool IsUri(string text) =>
        text.All(c => c is > ' ' and <= '~') && Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})\z", RegexOptions.ECMAScript)]
    private static partial Regex Moment();
}

/// <summary>Text of a request that a user reads before deciding.</summary>
internal static class ForeignText
{
    /// <summary>Real scripts put at most this many marks on a letter. More marks would be drawn over the lines around it.</summary>
    private const int MostMarks = 4;

    /// <summary>Whether nothing in the text changes the text around it, all of it is drawn, and something is visible.</summary>
    public static bool IsFit(string text) =>
        !ShownText.HasHiddenMeaning(text) && !HasPiles(text) && text.EnumerateRunes().All(rune => IsJoiner(rune) || !ShownText.HasInvisible(rune.ToString())) && text.EnumerateRunes().Any(IsSeen);

    private static bool IsSeen(Rune rune) => !Rune.IsWhiteSpace(rune) && !IsJoiner(rune);

    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;

    private static bool HasPiles(string text)
    {
        var marks = MostMarks;
        foreach (var rune in text.EnumerateRunes())
        {
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MostMarks)
                return true;
        }
        return false;
    }
}
