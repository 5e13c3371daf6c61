using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>One version of a row. Never changed once made, and shares nothing with the caller's entities.</summary>
internal sealed class MemoryRow
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";

    /// <summary>How many a read entity has beside those that were written: the keys, the timestamp and the ETag.</summary>
    public const int OwnProperties = 4;

    private const string TimestampName = "Timestamp";

    private readonly DateTimeOffset timestamp;
    private readonly bool hasBytes;
    private string? etag;

    /// <param name="properties">With the keys. They belong to the row from here on.</param>
    public MemoryRow(EntityKey key, Dictionary<string, object> properties, DateTimeOffset timestamp)
    {
        (Key, Properties, this.timestamp) = (key, properties, timestamp);
        properties[TimestampName] = timestamp;
        foreach (var (_, value) in properties) hasBytes |= value is byte[];
    }

    public EntityKey Key { get; }

    /// <summary>All that is read, but for the ETag.</summary>
    public Dictionary<string, object> Properties { get; }

    /// <summary>As the service writes it, with escaped colons; when it is first asked for, so that no table waits for it.</summary>
    public ETag ETag => new(etag ??= string.Create(CultureInfo.InvariantCulture, $"W/\"datetime'{timestamp.UtcDateTime:yyyy-MM-dd'T'HH'%3A'mm'%3A'ss.fffffff'Z'}'\""));

    /// <summary>A key, the timestamp or a property; null when there is none of this name.</summary>
    public object? Value(string name) => Properties.GetValueOrDefault(name);

    /// <param name="select">Only these, and always the ETag; null: all.</param>
    public TableEntity ToEntity(IReadOnlyCollection<string>? select)
    {
        if (select is null && !hasBytes)
            return new TableEntity(Properties) { ETag = ETag };
        var entity = new TableEntity { ETag = ETag };
        foreach (var name in select ?? Properties.Keys)
        {
            if (Value(name) is { } value) entity[name] = value is byte[] bytes ? bytes.Clone() : value;
        }
        return entity;
    }
}
