using System.Text.Json;

namespace FunctionsAuth.Protocol.Json;

/// <summary>Reads JSON from strangers. It reports errors at once, which a JsonDocument would report only when the value is used.</summary>
internal static class StrictJson
{
    // If a member had two values, two readers could read different ones.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="JsonException">The text is not valid JSON, has a duplicate member, is not valid Unicode, or has more than 16 levels.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            Read(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("It has an escape sequence that is not a valid character", e);
        }
    }

    /// <returns>The member of an object if it exists and is a text; else null.</returns>
    public static string? TextOf(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Decodes each text, which throws if it is not valid Unicode.</summary>
    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Read(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }
                break;
        }
    }
}
