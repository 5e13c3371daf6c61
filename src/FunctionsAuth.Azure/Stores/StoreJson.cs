using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// Records that are always read as a whole are one JSON property of their row, with the names of RFC 7591. A property that is missing in the text has its
/// initial value, so rows of earlier releases are read right.
/// </summary>
internal static class StoreJson
{
    private const string Property = "Json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A property has room for 32,767 characters, and an escape needs six characters for one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RecordConverter(withStored: true) },
    };

    /// <summary>The text of a value inside a row.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options)!;

    public static TableEntity ToRow<T>(string partitionKey, string rowKey, T value) => new(partitionKey, rowKey)
    {
        [Property] = Write(value),
    };

    public static T FromRow<T>(TableEntity row) => Read<T>(row.Text(Property));
}
