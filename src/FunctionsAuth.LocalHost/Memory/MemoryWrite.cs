using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>One checked write. Without properties it deletes; the properties are the table's own from here on.</summary>
internal sealed class MemoryWrite
{
    private MemoryWrite(EntityKey key) => Key = key;

    public EntityKey Key { get; }

    public Dictionary<string, object>? Properties { get; private init; }

    public bool MustBeNew { get; private init; }

    public bool MustExist { get; private init; }

    public bool Merges { get; private init; }

    /// <summary>Set only where the row must exist.</summary>
    public ETag? IfMatch { get; private init; }

    /// <summary>In bytes, as the service counts.</summary>
    public int Size { get; private init; }

    public static MemoryWrite Insert(ITableEntity entity) => Of(entity, mustBeNew: true);

    public static MemoryWrite Upsert(ITableEntity entity, bool merge) => Of(entity, merges: merge);

    public static MemoryWrite Update(ITableEntity entity, bool merge, ETag ifMatch) => Of(entity, merges: merge, ifMatch: ifMatch);

    public static MemoryWrite Delete(string partitionKey, string rowKey, ETag ifMatch) =>
        new(new(partitionKey, rowKey)) { MustExist = true, IfMatch = OrAny(ifMatch) };

    public static MemoryWrite Of(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Add => Insert(action.Entity),
        TableTransactionActionType.UpdateMerge => Update(action.Entity, true, action.ETag),
        TableTransactionActionType.UpdateReplace => Update(action.Entity, false, action.ETag),
        TableTransactionActionType.UpsertMerge => Upsert(action.Entity, true),
        TableTransactionActionType.UpsertReplace => Upsert(action.Entity, false),
        TableTransactionActionType.Delete => Delete(action.Entity.PartitionKey, action.Entity.RowKey, action.ETag),
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static MemoryWrite Of(ITableEntity entity, bool mustBeNew = false, bool merges = false, ETag? ifMatch = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var key = EntityRules.KeyOf(entity);
        var properties = EntityRules.PropertiesOf(entity);
        return new(key)
        {
            Properties = properties,
            Size = EntityRules.CheckSize(key, properties),
            MustBeNew = mustBeNew,
            MustExist = ifMatch is not null,
            Merges = merges,
            IfMatch = ifMatch is { } etag ? OrAny(etag) : null,
        };
    }

    private static ETag OrAny(ETag etag) => etag == default ? ETag.All : etag;
}
