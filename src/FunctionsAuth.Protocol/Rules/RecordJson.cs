using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>
/// How clients, scopes and resources are written by operators and by clients themselves. They are read as the records that are
/// stored, so they have the same members and defaults; only a client's secrets look different, and are read apart.
/// </summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // An element of a document is read from its text, which still has them.
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        // Sizes are measured in characters, and not in the escapes that stand for them.
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
