using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Details;

/// <summary>Reads the schema of a type, and reports everything in it that this server could not check.</summary>
/// <param name="report">Is given a path, and the rest of a sentence that begins with it.</param>
internal sealed partial class DetailSchemaReader(Action<string, string> report)
{
    private const int MostLevels = 6;
    private const int MostSchemas = 100;
    private const int MostValues = 200;
    private const int UsualItems = 32;
    private const int MostItems = 100;
    private const int UsualLength = 300;
    private const int MostLength = 2000;
    private const int LongestPattern = 300;

    /// <summary>No valid pattern takes so long. This is a second protection, in addition to the linear time of the engine.</summary>
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Keywords that do not restrict values.</summary>
    private static readonly string[] Annotations = ["$schema", "$comment", "title", "description", "examples"];

    private static readonly Dictionary<string, string[]> Keywords = new()
    {
        [DetailSchema.Object] = ["properties", "required", "additionalProperties"],
        [DetailSchema.Array] = ["items", "minItems", "maxItems"],
        [DetailSchema.String] = ["enum", "const", "minLength", "maxLength", "pattern", "format"],
        [DetailSchema.Number] = ["enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        [DetailSchema.Integer] = ["enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        [DetailSchema.Boolean] = ["const"],
    };

    /// <summary>The placeholder for a schema with an error, which has been reported.</summary>
    private static readonly DetailSchema Nothing = new() { Type = DetailSchema.Boolean };

    private int count;
    private bool isWrong;

    /// <summary>The schema of a whole element. Its <c>type</c> can be left out: it is an object.</summary>
    /// <returns>Null when there is an error.</returns>
    public DetailSchema? ReadRoot(JsonElement schema, string path)
    {
        if (schema.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals(DetailSchema.Object)))
            Report($"{path}.type", "must be object");
        var read = ReadOf(DetailSchema.Object, schema, path, 1);
        return isWrong ? null : read;
    }

    private DetailSchema Read(JsonElement schema, string path, int level)
    {
        if (schema.ValueKind == JsonValueKind.Object && schema.TextOf("type") is { } type && DetailSchema.Types.Contains(type))
            return ReadOf(type, schema, path, level);
        Report($"{path}.type", $"must be one of {string.Join(", ", DetailSchema.Types)}");
        return Nothing;
    }

    private DetailSchema ReadOf(string type, JsonElement schema, string path, int level)
    {
        if (level > MostLevels || ++count > MostSchemas)
        {
            // One problem is enough if the limit is exceeded.
            if (level > MostLevels || count == MostSchemas + 1)
                Report(path, $"is too large: a schema can have at most {MostLevels} levels and {MostSchemas} members");
            return Nothing;
        }
        foreach (var keyword in schema.EnumerateObject().Where(keyword => keyword.Name != "type" && !Annotations.Contains(keyword.Name) && !Keywords[type].Contains(keyword.Name)))
            Report(JsonLines.Member(path, keyword.Name), $"is not a keyword that this server supports for the type {type}");
        return WithValues(schema, path, type switch
        {
            DetailSchema.Object => ReadObject(schema, path, level),
            DetailSchema.Array => ReadArray(schema, path, level),
            DetailSchema.String => ReadText(schema, path),
            DetailSchema.Boolean => new DetailSchema { Type = type },
            _ => ReadNumber(type, schema, path),
        });
    }

    private DetailSchema ReadObject(JsonElement schema, string path, int level)
    {
        Dictionary<string, DetailSchema> members = [];
        foreach (var member in MembersOf(schema, "properties", path))
        {
            var place = JsonLines.Member($"{path}.properties", member.Name);
            if (level == 1 && member.Name == "type")
                Report(place, "is the type itself, which needs no schema");
            else if (!MemberName().IsMatch(member.Name))
                Report(place, "must begin with a letter and have at most 64 letters, digits, hyphens and underscores");
            else
                members[member.Name] = Read(member.Value, place, level + 1);
        }
        if (level > 1 && members.Count == 0)
            Report(path, "must have properties, because the consent page shows the properties of an object");
        if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind != JsonValueKind.False)
            Report($"{path}.additionalProperties", "must be false, because the consent page cannot show additional properties");
        var required = TextsOf(schema, "required", path);
        foreach (var (index, name) in required.Index())
        {
            if (!members.ContainsKey(name))
                Report($"{path}.required[{index}]", "is not one of the properties");
        }
        return new DetailSchema { Type = DetailSchema.Object, Properties = members, Required = required };
    }

    private DetailSchema ReadArray(JsonElement schema, string path, int level)
    {
        if (!schema.TryGetProperty("items", out var items))
            Report($"{path}.items", "is required");
        var read = items.ValueKind == JsonValueKind.Undefined ? Nothing : Read(items, $"{path}.items", level + 1);
        if (read.Type == DetailSchema.Array)
            Report($"{path}.items", "must not be an array: the consent page cannot show an array of arrays");
        if (HasList(read))
            Report($"{path}.items", "must not have an array of objects: the consent page cannot show one array of objects inside another");
        return new DetailSchema
        {
            Type = DetailSchema.Array,
            Items = read,
            MinItems = CountOf(schema, "minItems", path, 1, MostItems),
            MaxItems = CountOf(schema, "maxItems", path, UsualItems, MostItems),
        };
    }

    private static bool HasList(DetailSchema schema) =>
        schema.Properties.Values.Any(member => member is { Type: DetailSchema.Array, Items.Type: DetailSchema.Object } || HasList(member));

    private DetailSchema ReadText(JsonElement schema, string path) => new()
    {
        Type = DetailSchema.String,
        MinLength = CountOf(schema, "minLength", path, 1, MostLength),
        MaxLength = CountOf(schema, "maxLength", path, UsualLength, MostLength),
        Pattern = PatternOf(schema, path),
        Format = FormatOf(schema, path),
    };

    private DetailSchema ReadNumber(string type, JsonElement schema, string path) => new()
    {
        Type = type,
        Minimum = NumberOf(schema, "minimum", path),
        Maximum = NumberOf(schema, "maximum", path),
        ExclusiveMinimum = NumberOf(schema, "exclusiveMinimum", path),
        ExclusiveMaximum = NumberOf(schema, "exclusiveMaximum", path),
    };

    private DetailSchema WithValues(JsonElement schema, string path, DetailSchema read)
    {
        List<(string Path, JsonElement Value)> values = [];
        if (schema.TryGetProperty("const", out var constant))
            values.Add(($"{path}.const", constant));
        else if (schema.TryGetProperty("enum", out var several) && several.ValueKind == JsonValueKind.Array && several.GetArrayLength() is > 0 and <= MostValues)
            values.AddRange(several.EnumerateArray().Index().Select(entry => ($"{path}.enum[{entry.Index}]", entry.Item)));
        else if (several.ValueKind != JsonValueKind.Undefined)
            Report($"{path}.enum", $"must be an array of 1 to {MostValues} values");
        foreach (var (place, value) in values)
        {
            if (read.ProblemOf(value, "") is not null)
                Report(place, "does not fit the rest of the schema");
        }
        return values.Count == 0 ? read : read with { Values = [.. values.Select(entry => CanonicalJson.Of(entry.Value))] };
    }

    private Regex? PatternOf(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("pattern", out var value))
            return null;
        try
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length is > 0 and <= LongestPattern)
                return new Regex(value.GetString()!, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
        }
        Report($"{path}.pattern", $"must be a regular expression of at most {LongestPattern} characters, without references and without looking ahead or behind");
        return null;
    }

    private TextFormat? FormatOf(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("format", out var value))
            return null;
        var format = TextFormat.All.FirstOrDefault(format => value.ValueKind == JsonValueKind.String && value.ValueEquals(format.Name));
        if (format is null)
            Report($"{path}.format", $"must be one of {string.Join(", ", TextFormat.All.Select(known => known.Name))}");
        return format;
    }

    private long CountOf(JsonElement schema, string keyword, string path, long usual, long most)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return usual;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 1 && number <= most)
            return number;
        Report($"{path}.{keyword}", $"must be 1 to {most}");
        return usual;
    }

    private decimal? NumberOf(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return null;
        if (PlainNumber.Read(value) is { } number)
            return number;
        Report($"{path}.{keyword}", "must be a number of at most 15 digits, without an exponent");
        return null;
    }

    private List<JsonProperty> MembersOf(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return [];
        if (value.ValueKind == JsonValueKind.Object)
            return [.. value.EnumerateObject()];
        Report($"{path}.{keyword}", "must be an object");
        return [];
    }

    private List<string> TextsOf(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        Report($"{path}.{keyword}", "must be an array of strings");
        return [];
    }

    private void Report(string path, string problem)
    {
        isWrong = true;
        report(path, problem);
    }

    /// <summary>Whether it can be shown in a line of the consent page.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MemberName();
}
