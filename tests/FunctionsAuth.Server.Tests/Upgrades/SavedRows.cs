using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>A row with the name of its table, without the prefix of a test.</summary>
internal sealed record SavedRow(string Table, TableEntity Entity)
{
    // The service's own.
    private static readonly string[] OfTheService = ["odata.etag", nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), nameof(TableEntity.Timestamp)];

    /// <summary>The properties that the server wrote.</summary>
    public IEnumerable<(string Name, object Value)> Properties =>
        Entity.Where(pair => pair.Value is not null && !OfTheService.Contains(pair.Key)).Select(pair => (pair.Key, pair.Value));

    public static string TypeOf(object value) => value switch
    {
        DateTimeOffset => "moment",
        byte[] => "bytes",
        _ => value.GetType().Name,
    };

    /// <summary>A line of JSON, in which each property stands with its type.</summary>
    public string Write()
    {
        var properties = new JsonObject();
        foreach (var (name, value) in Properties.OrderBy(property => property.Name, StringComparer.Ordinal))
            properties[name] = new JsonArray(TypeOf(value), TextOf(value));
        return new JsonObject { ["table"] = Table, ["partition"] = Entity.PartitionKey, ["row"] = Entity.RowKey, ["properties"] = properties }.ToJsonString();
    }

    public static SavedRow Parse(string line)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        var entity = new TableEntity((string)json["partition"]!, (string)json["row"]!);
        foreach (var (name, value) in json["properties"]!.AsObject())
            entity[name] = ValueOf((string)value![0]!, (string)value[1]!);
        return new SavedRow((string)json["table"]!, entity);
    }

    private static string TextOf(object value) => value switch
    {
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static object ValueOf(string type, string text) => type switch
    {
        "moment" => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture),
        "bytes" => Convert.FromBase64String(text),
        nameof(String) => text,
        nameof(Boolean) => bool.Parse(text),
        nameof(Int32) => int.Parse(text, CultureInfo.InvariantCulture),
        nameof(Int64) => long.Parse(text, CultureInfo.InvariantCulture),
        _ => throw new JsonException($"A row has the unknown type {type}."),
    };
}

/// <summary>The rows of a whole account.</summary>
internal static class SavedRows
{
    public static async Task<IReadOnlyList<SavedRow>> ReadAsync(TableServiceClient account, string prefix)
    {
        List<SavedRow> rows = [];
        await foreach (var table in account.QueryAsync())
        {
            if (!table.Name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            await foreach (var row in account.GetTableClient(table.Name).QueryAsync<TableEntity>())
                rows.Add(new SavedRow(table.Name[prefix.Length..], row));
        }
        return rows;
    }

    public static async Task WriteAsync(this IEnumerable<SavedRow> rows, TableServiceClient account)
    {
        foreach (var table in rows.GroupBy(row => row.Table))
        {
            var client = account.GetTableClient(table.Key);
            await client.CreateIfNotExistsAsync();
            foreach (var row in table)
                await client.AddEntityAsync(row.Entity);
        }
    }
}
