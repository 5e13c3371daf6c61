using System.Text.Encodings.Web;
using System.Text.Json;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>
/// The JSON of clients, scopes and resources, as operators and clients write it. It is read into the stored records, so the members and defaults are the
/// same. Only a client's secrets have another form, and are read separately.
/// </summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A JsonElement is read from its original text, which may contain comments.
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        // The sizes of texts are limits in characters, so characters must not be written as longer escapes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RecordConverter(withStored: false) },
    };
}
