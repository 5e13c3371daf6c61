using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>One version of a row. Never changed once made, and shares nothing with the caller's entities.</summary>
internal sealed class MemoryRow(EntityKey key, IReadOnlyDictionary<string, object> properties, DateTimeOffset timestamp)
{
    private string? etag;

    public EntityKey Key => key;

    public IReadOnlyDictionary<string, object> Properties => properties;

    /// <summary>As the service writes it, with escaped colons; when it is first asked for, so that no table waits for it.</summary>
    public ETag ETag => new(etag ??= string.Create(CultureInfo.InvariantCulture, $"W/\"datetime'{timestamp.UtcDateTime:yyyy-MM-dd'T'HH'%3A'mm'%3A'ss.fffffff'Z'}'\""));

    /// <summary>A key, the timestamp or a property; null when there is none of this name.</summary>
    public object? Value(string name) => name switch
    {
        "PartitionKey" => key.Partition,
        "RowKey" => key.Row,
        "Timestamp" => timestamp,
        _ => properties.GetValueOrDefault(name),
    };

    /// <param name="select">Only these, and always the ETag; null: all.</param>
    public TableEntity ToEntity(IReadOnlyCollection<string>? select)
    {
        var entity = new TableEntity { ETag = ETag };
        foreach (var name in select ?? ["PartitionKey", "RowKey", "Timestamp", .. properties.Keys])
        {
            if (Value(name) is { } value) entity[name] = value is byte[] bytes ? bytes.Clone() : value;
        }
        return entity;
    }
}
