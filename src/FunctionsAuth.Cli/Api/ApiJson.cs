using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Cli.Api;

/// <summary>Reads and writes JSON for the tool.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Indented, with an end of line at the end: the same bytes for the same document on every machine.</summary>
    public static string Write(JsonNode document) => document.ToJsonString(Readable) + "\n";

    public static byte[] Bytes(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString(Compact));

    /// <summary>The members of a list.</summary>
    public static IReadOnlyList<JsonNode?> Items(this JsonNode? list) => [.. list?["items"] as JsonArray ?? []];

    /// <summary>A member as a text; null if it is missing.</summary>
    public static string? Text(this JsonNode? record, string member) => record?[member] is JsonValue value ? value.ToString() : null;

    public static bool Is(this JsonNode? record, string member) => record?[member] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>An object that a person wrote. It can have comments and trailing commas, which the API does not accept.</summary>
    /// <exception cref="CliFailure">It is none.</exception>
    public static JsonObject ReadObject(string text, string name)
    {
        try
        {
            return JsonNode.Parse(text, null, WithComments) as JsonObject ?? throw CliFailure.Usage($"{name} must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw CliFailure.Usage($"{name} is not valid JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>A value on the command line: JSON if it is valid JSON, or else text.</summary>
    public static JsonNode? ReadValue(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
