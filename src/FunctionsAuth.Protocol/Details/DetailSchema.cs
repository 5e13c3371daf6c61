using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Details;

/// <summary>
/// A JSON Schema of a small subset of the vocabulary, and stricter: objects have only the members that it names, and nothing is empty, as the
/// consent page could show nothing of it. A keyword that is not in the subset is refused when the schema is imported. No schema is ever fetched.
/// </summary>
public sealed record DetailSchema
{
    public const string Object = "object";
    public const string Array = "array";
    public const string String = "string";
    public const string Number = "number";
    public const string Integer = "integer";
    public const string Boolean = "boolean";

    public static IReadOnlyList<string> Types { get; } = [Object, Array, String, Number, Integer, Boolean];

    public required string Type { get; init; }

    /// <summary>The members of an object; it has no others.</summary>
    public IReadOnlyDictionary<string, DetailSchema> Properties { get; init; } = new Dictionary<string, DetailSchema>();

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What each element of an array must be.</summary>
    public DetailSchema? Items { get; init; }

    public long MinItems { get; init; }

    public long MaxItems { get; init; }

    /// <summary>The only values, in their canonical spelling; null: any. <c>const</c> is the same with one value.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>In characters of Unicode.</summary>
    public long MinLength { get; init; }

    public long MaxLength { get; init; }

    /// <summary>Its time grows linearly with the text, whatever the pattern is.</summary>
    public Regex? Pattern { get; init; }

    public TextFormat? Format { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public decimal? ExclusiveMinimum { get; init; }

    public decimal? ExclusiveMaximum { get; init; }

    public bool IsConstant => Values is { Count: 1 };

    /// <param name="path">Where the value stands, for the problem; it has only names of the schema.</param>
    /// <returns>The first problem as a sentence that quotes nothing of the value; null when there is none.</returns>
    public string? ProblemOf(JsonElement value, string path)
    {
        var problem = Type switch
        {
            Object => null,
            Array => ProblemOfArray(value),
            String => ProblemOfText(value),
            Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
            _ => ProblemOfNumber(value),
        };
        if (problem is null && Values?.Contains(CanonicalJson.Of(value)) == false)
            problem = "has a value that the type does not allow";
        if (problem is not null)
            return $"{path} {problem}";
        return Type switch
        {
            Object => ProblemOfObject(value, path),
            Array => value.EnumerateArray().Index().Select(item => Items!.ProblemOf(item.Item, $"{path}[{item.Index}]")).FirstOrDefault(found => found is not null),
            _ => null,
        };
    }

    private string? ProblemOfObject(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return $"{path} must be an object";
        if (Required.FirstOrDefault(name => !value.TryGetProperty(name, out _)) is { } absent)
            return $"{path}.{absent} is required";
        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            count++;
            if (!Properties.TryGetValue(member.Name, out var schema))
                return $"{path} has a member that the type does not define";
            if (schema.ProblemOf(member.Value, $"{path}.{member.Name}") is { } problem)
                return problem;
        }
        return count > 0 || Properties.Count == 0 ? null : $"{path} must have a member";
    }

    private string? ProblemOfArray(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return "must be an array";
        return value.GetArrayLength() >= MinItems && value.GetArrayLength() <= MaxItems ? null : $"must have {MinItems} to {MaxItems} elements";
    }

    private string? ProblemOfText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return "must be a string";
        var text = value.GetString()!;
        if (text.EnumerateRunes().Count() is var length && (length < MinLength || length > MaxLength))
            return $"must have {MinLength} to {MaxLength} characters";
        if (!ForeignText.IsFit(text))
            return "must have at least one visible character and no control characters";
        if (!Matches(text))
            return "does not match its pattern";
        return Format?.Fits(text) == false ? $"must be a {Format.Name}" : null;
    }

    private bool Matches(string text)
    {
        try
        {
            return Pattern?.IsMatch(text) != false;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private string? ProblemOfNumber(JsonElement value)
    {
        if (PlainNumber.Read(value) is not { } number || (Type == Integer && number != decimal.Truncate(number)))
            return $"must be {(Type == Integer ? "a whole number" : "a number")} of at most 15 digits, without an exponent";
        return number < Minimum || number > Maximum || number <= ExclusiveMinimum || number >= ExclusiveMaximum ? "is out of range" : null;
    }
}
