using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Copies;

/// <summary>A row as a line of JSON: its table, its keys, and each property with its type, because JSON has fewer types than Table Storage.</summary>
internal static class RowText
{
    private const string Table = "table";
    private const string Partition = "partition";
    private const string Row = "row";
    private const string Properties = "properties";

    // Properties of the service itself. A restored row gets new ones.
    private static readonly string[] OfTheService = ["odata.etag", nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), nameof(TableEntity.Timestamp)];

    public static string Write(string table, TableEntity row)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in row)
        {
            if (!OfTheService.Contains(name) && value is not null)
                properties[name] = WriteValue(value);
        }
        return new JsonObject { [Table] = table, [Partition] = row.PartitionKey, [Row] = row.RowKey, [Properties] = properties }.ToJsonString();
    }

    /// <exception cref="FormatException">It is not a line of a copy.</exception>
    public static (string Table, TableEntity Row) Read(string line)
    {
        try
        {
            var json = JsonNode.Parse(line)!.AsObject();
            var row = new TableEntity((string)json[Partition]!, (string)json[Row]!);
            foreach (var (name, value) in json[Properties]!.AsObject())
                row[name] = ReadValue(value!.AsArray());
            return ((string)json[Table]!, row);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or ArgumentException or OverflowException)
        {
            throw new FormatException("it is not a row of a copy", e);
        }
    }

    private static JsonArray WriteValue(object value) => value switch
    {
        string text => ["string", text],
        bool flag => ["bool", flag],
        int number => ["int", number],
        long number => ["long", number.ToString(CultureInfo.InvariantCulture)],
        double number => ["double", number.ToString("R", CultureInfo.InvariantCulture)],
        byte[] bytes => ["bytes", Convert.ToBase64String(bytes)],
        DateTimeOffset moment => ["moment", moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)],
        Guid id => ["guid", id.ToString()],
        _ => throw new NotSupportedException($"A property of the type {value.GetType().Name} can't be copied."),
    };

    private static object ReadValue(JsonArray value) => ((string)value[0]!, value[1]!) switch
    {
        ("string", var text) => (string)text!,
        ("bool", var flag) => (bool)flag,
        ("int", var number) => (int)number,
        ("long", var number) => long.Parse((string)number!, CultureInfo.InvariantCulture),
        ("double", var number) => double.Parse((string)number!, CultureInfo.InvariantCulture),
        ("bytes", var bytes) => Convert.FromBase64String((string)bytes!),
        ("moment", var moment) => DateTimeOffset.ParseExact((string)moment!, "O", CultureInfo.InvariantCulture),
        ("guid", var id) => Guid.Parse((string)id!),
        var (type, _) => throw new FormatException($"it has a property of the unknown type {type}"),
    };
}
