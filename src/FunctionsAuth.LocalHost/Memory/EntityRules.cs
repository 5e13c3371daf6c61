using System.Buffers;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>What Table Storage takes: names, keys, types and sizes. What it doesn't is refused as it would be there.</summary>
internal static class EntityRules
{
    private const int LeastTableName = 3;
    private const int MostTableName = 63;
    private const int MostProperties = 252;
    private const int KeyProperties = 2;
    private const int MostKeyCharacters = 512;          // 1 KiB of UTF-16
    private const int MostNameCharacters = 255;
    private const int MostTextCharacters = 32_767;      // 64 KiB of UTF-16
    private const int MostBytes = 65_536;
    private const int MostBytesOfEntity = 1 << 20;

    /// <summary>What no key may have, beside control characters, which <see cref="char.IsControl(char)"/> knows: they are below 0xA0.</summary>
    private static readonly SearchValues<char> notInKeys = SearchValues.Create(['/', '\\', '#', '?', .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    private static readonly DateTimeOffset earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void CheckTableName(string name)
    {
        if (name.Length < LeastTableName || !NameText.IsMadeOf(name, MostTableName, char.IsAsciiLetterOrDigit) || !char.IsAsciiLetter(name[0]))
            throw Refusals.BadInput("InvalidResourceName", "A table's name is 3 to 63 letters and digits and begins with a letter.");
    }

    public static EntityKey KeyOf(ITableEntity entity) => new(Key(entity.PartitionKey), Key(entity.RowKey));

    /// <summary>A copy of the properties that are stored: with the keys, and without nulls, timestamp and ETag.</summary>
    public static Dictionary<string, object> PropertiesOf(ITableEntity entity)
    {
        if (entity is not TableEntity row)
            throw new NotSupportedException($"Tables in memory hold TableEntity only, not {entity?.GetType().ToString() ?? "null"}.");
        var properties = new Dictionary<string, object>(row.Count + MemoryRow.OwnProperties) { [MemoryRow.PartitionKey] = row.PartitionKey, [MemoryRow.RowKey] = row.RowKey };
        foreach (var (name, value) in row)
        {
            if (name is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag" || value is null) continue;
            CheckName(name);
            properties.Add(name, Stored(name, value));
        }
        return properties;
    }

    /// <summary>Checks what only the whole row shows, after a merge too. Returns its size in bytes.</summary>
    public static int CheckSize(EntityKey key, Dictionary<string, object> properties)
    {
        if (properties.Count > MostProperties + KeyProperties)
            throw Refusals.BadInput("TooManyProperties", $"The entity has more than {MostProperties} properties.");
        var size = 4 + (2 * (key.Partition!.Length + key.Row!.Length));
        foreach (var (name, value) in properties)
        {
            if (name is not (MemoryRow.PartitionKey or MemoryRow.RowKey))
                size += 8 + (2 * name.Length) + SizeOf(value);
        }
        if (size > MostBytesOfEntity) throw Refusals.BadInput("EntityTooLarge", "The entity is larger than 1 MiB.");
        return size;
    }

    private static string Key(string? key)
    {
        if (key is null) throw Refusals.BadInput("PropertiesNeedValue", "The entity lacks PartitionKey or RowKey.");
        if (key.Length > MostKeyCharacters) throw Refusals.BadInput("KeyValueTooLarge", "A key is at most 1 KiB.");
        if (key.AsSpan().ContainsAny(notInKeys))
            throw Refusals.BadInput("OutOfRangeInput", "A key has no / \\ # ? and no control characters.");
        return key;
    }

    private static void CheckName(string name)
    {
        if (name.Length > MostNameCharacters) throw Refusals.BadInput("PropertyNameTooLong", "A name is at most 255 characters.");
        if (!IsPropertyName(name)) throw Refusals.BadInput("PropertyNameInvalid", "A property's name is a C# identifier.");
    }

    /// <summary>It is asked for each property of each write, so no regular expression is run.</summary>
    private static bool IsPropertyName(string name)
    {
        foreach (var c in name)
        {
            if (c != '_' && !char.IsLetter(c) && !char.IsDigit(c)) return false;
        }
        return name.Length > 0 && !char.IsDigit(name[0]);
    }

    private static object Stored(string name, object value) => value switch
    {
        string { Length: > MostTextCharacters } or byte[] { Length: > MostBytes } => throw TooLarge(),
        BinaryData data => Stored(name, data.ToArray()),
        byte[] bytes => bytes.Clone(),
        // The service knows UTC only, and takes a moment without a zone for it.
        DateTime moment => Stored(name, new DateTimeOffset(
            moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : DateTime.SpecifyKind(moment, DateTimeKind.Utc))),
        DateTimeOffset moment when moment < earliest => throw Refusals.BadInput("OutOfRangeInput", "A moment is not before 1601."),
        DateTimeOffset moment => moment.ToUniversalTime(),
        string or int or long or bool or double or Guid => value,
        _ => throw new NotSupportedException($"A property of type {value.GetType()} can't be stored in a table ({name})."),
    };

    private static Exception TooLarge() =>
        Refusals.BadInput("PropertyValueTooLarge", "The property value exceeds the maximum allowed size (64KB).");

    private static int SizeOf(object value) => value switch
    {
        string text => 4 + (2 * text.Length),
        byte[] bytes => 4 + bytes.Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };
}
