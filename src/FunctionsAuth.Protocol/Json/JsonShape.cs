using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Protocol.Json;

/// <summary>Compares JSON with the types that it will be deserialized to. Unlike the deserializer, it does not stop at the first difference.</summary>
/// <param name="report">Is called with the path of each difference, and the rest of a sentence that begins with the path.</param>
internal sealed class JsonShape(JsonSerializerOptions options, Action<string, string> report)
{
    /// <summary>Reports each difference between a value and the members of <paramref name="types"/> together.</summary>
    /// <returns>Whether the value can be deserialized. Unknown members do not prevent that.</returns>
    public bool Fits(JsonElement value, string path, params IEnumerable<Type> types)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Wrong(path, "must be an object");
        var members = types.SelectMany(RecordMember.Of).Where(member => !member.IsStoredOnly).ToDictionary(member => member.Name);
        var fits = true;
        foreach (var found in value.EnumerateObject())
        {
            var place = JsonLines.Member(path, found.Name);
            if (members.TryGetValue(found.Name, out var member))
                fits &= Fits(found.Value, place, member.Type);
            else
                report(place, "is unknown");
        }
        foreach (var absent in members.Values.Where(member => member.IsRequired && !value.TryGetProperty(member.Name, out _)))
            fits = Wrong(JsonLines.Member(path, absent.Name), "is required");
        return fits;
    }

    private bool Fits(JsonElement value, string path, Type type)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return Wrong(path, "must not be null; leave it out instead");
        if (RecordConverter.IsRecord(type))
            return Fits(value, path, [type]);
        if (ElementOf(type, typeof(IReadOnlyDictionary<,>)) is { } ofName)
            return FitsByName(value, path, ofName);
        if (ElementOf(type, typeof(IReadOnlyList<>)) is not { } element)
            return IsScalar(value, type) || Wrong(path, $"must be {NameOf(type)}");
        if (value.ValueKind != JsonValueKind.Array)
            return Wrong(path, "must be an array");
        var fits = true;
        foreach (var (index, item) in value.EnumerateArray().Index())
            fits &= Fits(item, $"{path}[{index}]", element);
        return fits;
    }

    /// <summary>The type of the values of a collection; null for another type.</summary>
    private static Type? ElementOf(Type type, Type collection) => type.IsGenericType && type.GetGenericTypeDefinition() == collection ? type.GetGenericArguments()[^1] : null;

    /// <summary>An object whose members can have any name and all have values of one type.</summary>
    private bool FitsByName(JsonElement value, string path, Type element)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Wrong(path, "must be an object");
        var fits = true;
        foreach (var member in value.EnumerateObject())
            fits &= Fits(member.Value, JsonLines.Member(path, member.Name), element);
        return fits;
    }

    private bool IsScalar(JsonElement value, Type type)
    {
        if (type == typeof(JsonObject))
            return value.ValueKind == JsonValueKind.Object;
        if (type == typeof(JsonArray))
            return value.ValueKind == JsonValueKind.Array;
        try
        {
            // A string can also be wrong inside: half of a surrogate pair.
            _ = value.Deserialize(type, options);
            return type != typeof(DateTimeOffset?) || HasOffset(value.GetString()!);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A time without an offset would be read in the time zone of the machine that runs the import.</summary>
    private static bool HasOffset(string time) =>
        time.Contains('T', StringComparison.Ordinal) && time is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _];

    private static string NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { } t when t == typeof(bool) => "true or false",
        { } t when t == typeof(long) => "a whole number",
        { } t when t == typeof(DateTimeOffset) => "a time such as 2030-01-31T00:00:00Z",
        { } t when t == typeof(Uri) => "a URL",
        { } t when t == typeof(JsonObject) => "an object",
        { } t when t == typeof(JsonArray) => "an array",
        _ => "a string",
    };

    private bool Wrong(string path, string problem)
    {
        report(path, problem);
        return false;
    }
}
