using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Azure.Data.Tables;

/// <summary>
/// A row as a dictionary. Keys, timestamp and ETag (`odata.etag`) stand in it beside the properties.
/// A getter gives null for a property that is absent, and throws <see cref="InvalidOperationException"/> for one of another type.
/// </summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object?> properties;

    public TableEntity() => properties = [];

    public TableEntity(IDictionary<string, object>? values) => properties = values is null ? [] : new(values!);

    public TableEntity(string partitionKey, string rowKey) : this() => (PartitionKey, RowKey) = (partitionKey, rowKey);

    public string PartitionKey
    {
        get => GetString("PartitionKey")!;
        set => properties["PartitionKey"] = value;
    }

    public string RowKey
    {
        get => GetString("RowKey")!;
        set => properties["RowKey"] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset("Timestamp");
        set => properties["Timestamp"] = value;
    }

    public ETag ETag
    {
        get => new(GetString("odata.etag")!);
        set => properties["odata.etag"] = value.ToString();
    }

    public int Count => properties.Count;

    public ICollection<string> Keys => properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => properties.Values!;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>Null for a property that is absent.</summary>
    [AllowNull]
    public object this[string key]
    {
        get => properties.GetValueOrDefault(key)!;
        set => properties[key] = value is not null && properties.GetValueOrDefault(key) is { } present ? OfSameType(present, value) : value;
    }

    public string? GetString(string key) => (string?)Get(key, typeof(string));

    public byte[]? GetBinary(string key) => (byte[]?)Get(key, typeof(byte[]));

    public BinaryData? GetBinaryData(string key) => (BinaryData?)Get(key, typeof(BinaryData));

    public bool? GetBoolean(string key) => (bool?)Get(key, typeof(bool));

    public DateTime? GetDateTime(string key) => (DateTime?)Get(key, typeof(DateTime));

    public DateTimeOffset? GetDateTimeOffset(string key) => (DateTimeOffset?)Get(key, typeof(DateTimeOffset));

    public double? GetDouble(string key) => (double?)Get(key, typeof(double));

    public Guid? GetGuid(string key) => (Guid?)Get(key, typeof(Guid));

    public int? GetInt32(string key) => (int?)Get(key, typeof(int));

    public long? GetInt64(string key) => (long?)Get(key, typeof(long));

    public void Add(string key, object? value) => properties.Add(key, value);

    public bool ContainsKey(string key) => properties.ContainsKey(key);

    public bool Remove(string key) => properties.Remove(key);

    public bool TryGetValue(string key, out object value) => properties.TryGetValue(key, out value!);

    public void Clear() => properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => this[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        properties.TryGetValue(item.Key, out var value) && Equals(value, item.Value);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object?>>)properties).CopyTo(array!, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)this).Contains(item) && properties.Remove(item.Key);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => properties.GetEnumerator()!;

    IEnumerator IEnumerable.GetEnumerator() => properties.GetEnumerator();

    private object? Get(string key, Type wanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return (properties.GetValueOrDefault(key), wanted) switch
        {
            (null, _) => null,
            (DateTimeOffset moment, _) when wanted == typeof(DateTime) => moment.UtcDateTime,
            (DateTime moment, _) when wanted == typeof(DateTimeOffset) => new DateTimeOffset(moment),
            (byte[] bytes, _) when wanted == typeof(BinaryData) => new BinaryData(bytes),
            (BinaryData data, _) when wanted == typeof(byte[]) => data.ToArray(),
            ({ } value, _) when wanted.IsInstanceOfType(value) => value,
            ({ } value, _) => throw new InvalidOperationException($"Cannot return {wanted} type for a {value.GetType()} typed property."),
        };
    }

    // A property keeps its type, as it would in the table; only numbers widen.
    private static object OfSameType(object present, object value) => (present, value) switch
    {
        _ when present.GetType().IsInstanceOfType(value) => value,
        (int, double or long) => value,
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        (DateTimeOffset, DateTime) or (DateTime, DateTimeOffset) => value,
        (byte[], BinaryData) or (BinaryData, byte[]) => value,
        _ => throw new InvalidOperationException($"A {present.GetType()} property can't be given a {value.GetType()}."),
    };
}
