using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Details;

/// <summary>A piece of a line of the consent page.</summary>
/// <param name="Text">The text of the operator, or the path of a member, such as <c>amount.value</c>.</param>
/// <param name="IsMember">It is a path.</param>
public readonly record struct TemplatePart(string Text, bool IsMember);

/// <summary>The template of a line of the consent page: text, and members in braces.</summary>
public static partial class DetailTemplate
{
    /// <returns>Null when a brace has no counterpart, or when a pair of braces contains something other than a member.</returns>
    public static IReadOnlyList<TemplatePart>? Split(string text)
    {
        List<TemplatePart> parts = [];
        var end = 0;
        foreach (var match in Member().Matches(text).Cast<Match>())
        {
            if (match.Index > end)
                parts.Add(new(text[end..match.Index], false));
            parts.Add(new(match.Groups[1].Value, true));
            end = match.Index + match.Length;
        }
        if (end < text.Length)
            parts.Add(new(text[end..], false));
        return parts.Any(part => !part.IsMember && part.Text.AsSpan().ContainsAny('{', '}')) ? null : parts;
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Member();
}
