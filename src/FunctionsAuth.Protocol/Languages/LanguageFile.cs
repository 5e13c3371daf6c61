using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>A translated text: one form for all counts, or one form for each category of <see cref="PluralRule"/>.</summary>
internal sealed record Translation(IReadOnlyDictionary<string, string> Forms)
{
    public IEnumerable<string> Texts => Forms.Values;

    /// <param name="category">The plural category; null if the text has no count.</param>
    public string Of(string? category) => category is not null && Forms.TryGetValue(category, out var form) ? form : Forms.GetValueOrDefault(PluralRule.Other) ?? Forms.Values.First();
}

/// <summary>
/// The content of a language file: a JSON object with the English texts as names. <c>$direction</c>, <c>$plural</c>, <c>$day</c>, <c>$moment</c> and
/// <c>$months</c> define the writing direction, the plural rule and the formats of dates (docs/brand.md).
/// </summary>
internal sealed class LanguageFile
{
    private const string IsoDay = "yyyy-MM-dd";
    private const string IsoMoment = "yyyy-MM-dd HH:mm 'UTC'";
    private const int MonthsOfYear = 12;

    public bool IsRightToLeft { get; private init; }

    public PluralRule Plural { get; private init; } = PluralRule.Find("one")!;

    /// <summary>A date format of .NET.</summary>
    public string Day { get; private init; } = IsoDay;

    /// <inheritdoc cref="Day"/>
    public string Moment { get; private init; } = IsoMoment;

    /// <summary>The names of the months in dates; empty if dates contain no names.</summary>
    public IReadOnlyList<string> Months { get; private init; } = [];

    public IReadOnlyDictionary<string, Translation> Texts { get; private init; } = new Dictionary<string, Translation>();

    /// <param name="below">The file that this file extends. Its texts are used unless this file replaces them.</param>
    /// <exception cref="LanguageFileException">The file is invalid.</exception>
    public static LanguageFile Parse(string json, LanguageFile? below)
    {
        var content = Read(json);
        var plural = below?.Plural ?? PluralRule.Find("one")!;
        if (content["$plural"] is { } rule)
            plural = PluralRule.Find(TextOf(rule, "$plural")) ?? throw new LanguageFileException($"$plural must be one of {string.Join(", ", PluralRule.Names)}");
        var texts = new Dictionary<string, Translation>(below?.Texts ?? new Dictionary<string, Translation>());
        foreach (var (english, value) in content.Where(entry => !entry.Key.StartsWith('$')))
            texts[english] = Checked(english, TranslationOf(english, value), plural);
        var direction = content["$direction"] is { } written ? TextOf(written, "$direction") : below?.IsRightToLeft == true ? "rtl" : "ltr";
        return new LanguageFile
        {
            IsRightToLeft = direction is "rtl" or "ltr" ? direction == "rtl" : throw new LanguageFileException("$direction must be ltr or rtl"),
            Plural = plural,
            Day = FormatOf(content["$day"], "$day") ?? below?.Day ?? IsoDay,
            Moment = FormatOf(content["$moment"], "$moment") ?? below?.Moment ?? IsoMoment,
            Months = MonthsOf(content["$months"]) ?? below?.Months ?? [],
            Texts = texts,
        };
    }

    private static JsonObject Read(string json)
    {
        try
        {
            return JsonNode.Parse(json, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false }) as JsonObject ?? throw new LanguageFileException("it is not a JSON object");
        }
        catch (JsonException e)
        {
            throw new LanguageFileException($"it is not valid JSON: {e.Message}");
        }
    }

    private static Translation TranslationOf(string english, JsonNode? value) => value switch
    {
        JsonObject forms => new Translation(forms.ToDictionary(form => form.Key, form => TextOf(form.Value, english))),
        _ => new Translation(new Dictionary<string, string> { [PluralRule.Other] = TextOf(value, english) }),
    };

    private static Translation Checked(string english, Translation translation, PluralRule plural)
    {
        // A language without plural forms has one text for every count.
        if (translation.Forms.Count > 1 && !translation.Forms.Keys.Order().SequenceEqual(plural.Categories.Order()))
            throw new LanguageFileException($"“{english}” must have the forms {string.Join(", ", plural.Categories)}");
        var holes = TextHoles.Of(english).Select(hole => hole.Index).Distinct().Order().ToList();
        foreach (var text in translation.Texts)
        {
            var own = TextHoles.Of(text).Select(hole => hole.Index).Distinct().Order().ToList();
            // A form for one or two can name the number in words, such as "One code is left".
            var mayLackCount = translation.Forms.Count > 1 && own.SequenceEqual(holes.Where(index => index != 0));
            if (!own.SequenceEqual(holes) && !mayLackCount)
                throw new LanguageFileException($"“{text}” must have the same placeholders as “{english}”");
        }
        return translation;
    }

    private static string TextOf(JsonNode? node, string name) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Trim().Length > 0 ? text : throw new LanguageFileException($"“{name}” must be a string");

    private static string? FormatOf(JsonNode? node, string name)
    {
        if (node is null)
            return null;
        var format = TextOf(node, name);
        try
        {
            _ = DateTime.UnixEpoch.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
            return format;
        }
        catch (FormatException)
        {
            throw new LanguageFileException($"{name} must be a date format of .NET, such as d MMMM yyyy");
        }
    }

    private static List<string>? MonthsOf(JsonNode? node) => node switch
    {
        null => null,
        JsonArray { Count: MonthsOfYear } months => [.. months.Select(month => TextOf(month, "$months"))],
        _ => throw new LanguageFileException("$months must have twelve texts"),
    };
}

/// <summary>A language file is invalid.</summary>
public sealed class LanguageFileException(string message) : Exception(message);
