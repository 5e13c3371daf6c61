using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// Records that are read as a whole stand in one property of their row, with the names of RFC 7591. The serializer is
/// the reflecting one: a source-generated one gives properties that the text lacks null and not their initial value, so
/// a row written before a property existed would be read wrong.
/// </summary>
internal static class StoreJson
{
    private const string Property = "Json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static TableEntity ToRow<T>(string partitionKey, string rowKey, T value) => new(partitionKey, rowKey)
    {
        [Property] = JsonSerializer.Serialize(value, Options),
    };

    public static T FromRow<T>(TableEntity row) => JsonSerializer.Deserialize<T>(row.Text(Property), Options)!;
}
