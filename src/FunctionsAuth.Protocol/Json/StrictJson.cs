using System.Text.Json;

namespace FunctionsAuth.Protocol.Json;

/// <summary>Reads JSON that strangers wrote, and refuses at once what a document would show only when it is used.</summary>
internal static class StrictJson
{
    // One member with two values would mean something else to whoever reads the other one.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="JsonException">It is no JSON, has a member twice, has text that is no Unicode, or is deeper than 16 levels.</exception>
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

    /// <returns>The member of an object, if it is there and a text; else null.</returns>
    public static string? TextOf(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Decodes each text, which throws where one is no Unicode.</summary>
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
