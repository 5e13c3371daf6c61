using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>The texts of one language, with its formats for dates and its names of countries. Missing texts are shown in English.</summary>
public sealed class Language
{
    // The parsed patterns of the code and of the language files. Their number is small.
    private static readonly ConcurrentDictionary<string, TextPart[]> Patterns = new();

    private readonly FrozenDictionary<string, Translation> texts;
    private readonly Lazy<FrozenDictionary<string, string>> countries;
    private readonly DateTimeFormatInfo months;
    private readonly LanguageFile file;

    internal Language(string tag, LanguageFile file, Lazy<FrozenDictionary<string, string>> countries)
    {
        (Tag, this.file, this.countries) = (tag, file, countries);
        texts = file.Texts.ToFrozenDictionary(StringComparer.Ordinal);
        months = (DateTimeFormatInfo)DateTimeFormatInfo.InvariantInfo.Clone();
        // .NET needs 13 names, because some calendars have 13 months.
        if (file.Months.Count > 0)
            (months.MonthNames, months.MonthGenitiveNames) = ([.. file.Months, ""], [.. file.Months, ""]);
    }

    /// <summary>BCP 47, such as <c>de</c> or <c>pt-BR</c>.</summary>
    public string Tag { get; }

    public bool IsRightToLeft => file.IsRightToLeft;

    /// <param name="english">An English text without placeholders.</param>
    public string Of(string english) => texts.TryGetValue(english, out var translation) ? translation.Of(null) : english;

    /// <summary>The phrase as plain text.</summary>
    public string Of(Phrase phrase) => phrase.ByTag is { } byTag && Pick(byTag) is { } own ? own : phrase.Values is { Count: > 0 } values ? Write(PatternOf(phrase.Pattern, values), values, TextOf, static text => text) : Of(phrase.Pattern);

    /// <summary>The text with its values.</summary>
    /// <param name="valueOf">Formats a value.</param>
    /// <param name="literalOf">Formats the text between the values.</param>
    public string Of(FormattableString text, Func<object?, string> valueOf, Func<string, string> literalOf)
    {
        var values = text.GetArguments();
        return Write(PatternOf(text.Format, values), values, valueOf, literalOf);
    }

    /// <summary>A value, formatted for a text.</summary>
    public string TextOf(object? value) => value switch
    {
        Phrase phrase => Of(phrase),
        TimeSpan span => Span(span),
        DateTimeOffset at => Moment(at),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A date and time in UTC, because the server does not know the time zone of the user.</summary>
    public string Moment(DateTimeOffset at) => at.UtcDateTime.ToString(file.Moment, months);

    /// <inheritdoc cref="Moment"/>
    public string Day(DateTimeOffset at) => at.UtcDateTime.ToString(file.Day, months);

    /// <summary>A time span in the largest unit that divides it exactly: <c>30 days</c>, <c>36 hours</c>, <c>1 minute</c>.</summary>
    public string Span(TimeSpan span) => Of(span switch
    {
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerDay == 0 => Phrase.Of($"{(int)span.TotalDays} days"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerHour == 0 => Phrase.Of($"{(int)span.TotalHours} hours"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => Phrase.Of($"{(int)span.TotalMinutes} minutes"),
        _ => Phrase.Of($"{(int)span.TotalSeconds} seconds"),
    });

    /// <summary>The name of a browser and its system, such as <c>Firefox on Windows</c>, in this language.</summary>
    /// <param name="browser">The name in sessions and events: see <see cref="Text.BrowserName"/>.</param>
    public string Browser(string browser) => browser.Split(" on ", 2) is [var name, var system] ? Of(Phrase.Of($"{Of(name)} on {system}")) : Of(browser);

    /// <param name="code">ISO 3166-1, two letters.</param>
    /// <returns>The name of the country, or the code itself if it is not in the list.</returns>
    public string Country(string code) => countries.Value.GetValueOrDefault(code, code);

    /// <summary>The text in this language, or in a less specific form of it.</summary>
    private string? Pick(IReadOnlyDictionary<string, string> byTag)
    {
        if (byTag.TryGetValue(Tag, out var exact))
            return exact;
        var language = Tag.Split('-')[0];
        return byTag.FirstOrDefault(entry => entry.Key.Split('-')[0].Equals(language, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private string PatternOf(string english, IReadOnlyList<object?> values)
    {
        if (!texts.TryGetValue(english, out var translation))
            return english;
        var count = values.FirstOrDefault(value => value is int);
        return translation.Of(count is int number ? file.Plural.CategoryOf(number) : null);
    }

    private static string Write(string pattern, IReadOnlyList<object?> values, Func<object?, string> valueOf, Func<string, string> literalOf)
    {
        var parts = Patterns.GetOrAdd(pattern, TextHoles.Split);
        // There is at most one literal before each value, and one after the last.
        var written = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            written[i] = parts[i].Value is { } index ? valueOf(values[index]) : literalOf(parts[i].Literal);
        return string.Concat(written);
    }
}

/// <summary>The placeholders of a pattern: a digit in braces.</summary>
internal static class TextHoles
{
    private const int Length = 3;

    /// <summary>Splits a pattern into its placeholders and the text between them.</summary>
    public static TextPart[] Split(string pattern)
    {
        List<TextPart> parts = [];
        var end = 0;
        foreach (var (at, index) in Of(pattern))
        {
            if (at > end)
                parts.Add(new TextPart(pattern[end..at], null));
            parts.Add(new TextPart("", index));
            end = at + Length;
        }
        if (end < pattern.Length)
            parts.Add(new TextPart(pattern[end..], null));
        return [.. parts];
    }

    /// <summary>The position of each placeholder, and the number in it.</summary>
    public static IEnumerable<(int At, int Index)> Of(string pattern)
    {
        for (var at = pattern.IndexOf('{', StringComparison.Ordinal); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            if (at + 2 < pattern.Length && char.IsAsciiDigit(pattern[at + 1]) && pattern[at + 2] == '}')
                yield return (at, pattern[at + 1] - '0');
        }
    }
}

/// <param name="Literal">A text between placeholders; it is written unchanged.</param>
/// <param name="Value">The number of the value; null for a literal.</param>
internal readonly record struct TextPart(string Literal, int? Value);
