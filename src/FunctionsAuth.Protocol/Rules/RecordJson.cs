using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsAuth.Protocol.Clients;

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
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutStoredSecrets } },
    };

    private static void WithoutStoredSecrets(JsonTypeInfo type)
    {
        if (type.Type != typeof(Client))
            return;
        var secrets = type.Properties.Single(property => property.Name == Options.PropertyNamingPolicy!.ConvertName(nameof(Client.ClientSecrets)));
        type.Properties.Remove(secrets);
    }
}
