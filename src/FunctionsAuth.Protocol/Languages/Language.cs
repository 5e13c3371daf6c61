using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>The texts of one language, and how it writes dates and names countries. What is missing is English.</summary>
public sealed class Language
{
    // The patterns of the code and of the files: there are not many.
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
        // The thirteenth is for calendars that have one.
        if (file.Months.Count > 0)
            (months.MonthNames, months.MonthGenitiveNames) = ([.. file.Months, ""], [.. file.Months, ""]);
    }

    /// <summary>BCP 47, such as <c>de</c> or <c>pt-BR</c>.</summary>
    public string Tag { get; }

    public bool IsRightToLeft => file.IsRightToLeft;

    /// <param name="english">Without holes.</param>
    public string Of(string english) => texts.TryGetValue(english, out var translation) ? translation.Of(null) : english;

    /// <summary>As plain text.</summary>
    public string Of(Phrase phrase) => phrase.ByTag is { } byTag && Pick(byTag) is { } own ? own : phrase.Values is { Count: > 0 } values ? Write(PatternOf(phrase.Pattern, values), values, TextOf, static text => text) : Of(phrase.Pattern);

    /// <summary>The text with what stands in it.</summary>
    /// <param name="valueOf">How a value is written.</param>
    /// <param name="literalOf">How what stands between the values is written.</param>
    public string Of(FormattableString text, Func<object?, string> valueOf, Func<string, string> literalOf)
    {
        var values = text.GetArguments();
        return Write(PatternOf(text.Format, values), values, valueOf, literalOf);
    }

    /// <summary>A value as it stands in a text.</summary>
    public string TextOf(object? value) => value switch
    {
        Phrase phrase => Of(phrase),
        TimeSpan span => Span(span),
        DateTimeOffset at => Moment(at),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>In UTC, as the server does not know where the person is.</summary>
    public string Moment(DateTimeOffset at) => at.UtcDateTime.ToString(file.Moment, months);

    /// <inheritdoc cref="Moment"/>
    public string Day(DateTimeOffset at) => at.UtcDateTime.ToString(file.Day, months);

    /// <summary>The largest unit that says it exactly: <c>30 days</c>, <c>36 hours</c>, <c>1 minute</c>.</summary>
    public string Span(TimeSpan span) => Of(span switch
    {
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerDay == 0 => Phrase.Of($"{(int)span.TotalDays} days"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerHour == 0 => Phrase.Of($"{(int)span.TotalHours} hours"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => Phrase.Of($"{(int)span.TotalMinutes} minutes"),
        _ => Phrase.Of($"{(int)span.TotalSeconds} seconds"),
    });

    /// <summary>What the server knows of a browser, such as <c>Firefox on Windows</c>, in words of this language.</summary>
    /// <param name="browser">As sessions and events have it: see <see cref="Text.BrowserName"/>.</param>
    public string Browser(string browser) => browser.Split(" on ", 2) is [var name, var system] ? Of(Phrase.Of($"{Of(name)} on {system}")) : Of(browser);

    /// <param name="code">ISO 3166-1, two letters.</param>
    /// <returns>The code itself where it is none of the list.</returns>
    public string Country(string code) => countries.Value.GetValueOrDefault(code, code);

    /// <summary>The text of this language, or of a kind of it.</summary>
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
        // At most one literal before each value, and one behind the last.
        var written = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            written[i] = parts[i].Value is { } index ? valueOf(values[index]) : literalOf(parts[i].Literal);
        return string.Concat(written);
    }
}

/// <summary>The holes of a pattern: a digit in braces.</summary>
internal static class TextHoles
{
    private const int Length = 3;

    /// <summary>What stands between the holes, and the holes.</summary>
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

    /// <summary>Where each begins, and which value stands in it.</summary>
    public static IEnumerable<(int At, int Index)> Of(string pattern)
    {
        for (var at = pattern.IndexOf('{', StringComparison.Ordinal); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            if (at + 2 < pattern.Length && char.IsAsciiDigit(pattern[at + 1]) && pattern[at + 2] == '}')
                yield return (at, pattern[at + 1] - '0');
        }
    }
}

/// <param name="Literal">A piece of a pattern as it is written.</param>
/// <param name="Value">Which value stands there; null for a literal.</param>
internal readonly record struct TextPart(string Literal, int? Value);
