using Azure;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>
/// The rows of one table: found by key in one step, and in order, so that a range costs what it holds. One lock, held for a few
/// lookups at most: entities are checked and copied outside.
/// </summary>
internal sealed class MemoryTable(string name, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<EntityKey, MemoryRow> rows = [];
    private readonly SortedSet<EntityKey> order = [];
    private DateTimeOffset lastWrite;

    public string Name => name;

    public MemoryRow? Find(EntityKey key)
    {
        lock (gate) return rows.GetValueOrDefault(key);
    }

    /// <summary>The rows between two keys, both included, in order; at most <paramref name="most"/>.</summary>
    public List<MemoryRow> Range(EntityKey from, EntityKey to, int most)
    {
        if (from.CompareTo(to) > 0) return [];
        lock (gate) return [.. order.GetViewBetween(from, to).Take(most).Select(key => rows[key])];
    }

    /// <summary>Writes one row. Returns its new ETag, null when it was deleted.</summary>
    public ETag? Apply(MemoryWrite write)
    {
        MemoryRow? row;
        lock (gate)
        {
            row = Result(write);
            Put(write.Key, row);
        }
        return row?.ETag;
    }

    /// <summary>Writes all or, when one can't be written, none. Returns the new ETags, null for what was deleted.</summary>
    public IReadOnlyList<ETag?> Apply(IReadOnlyList<MemoryWrite> writes)
    {
        var results = new MemoryRow?[writes.Count];
        lock (gate)
        {
            for (var i = 0; i < writes.Count; i++)
            {
                try
                {
                    results[i] = Result(writes[i]);
                }
                catch (RequestFailedException e) when (writes.Count > 1)
                {
                    throw Refusals.Transaction(e, i);
                }
            }
            for (var i = 0; i < writes.Count; i++) Put(writes[i].Key, results[i]);
        }
        return [.. results.Select(r => r?.ETag)];
    }

    // What will stand at the write's key; null: nothing. No row of a transaction depends on another one.
    private MemoryRow? Result(MemoryWrite write)
    {
        var present = rows.GetValueOrDefault(write.Key);
        if (write.MustBeNew && present is not null) throw Refusals.EntityAlreadyExists();
        if (write.MustExist && present is null) throw Refusals.EntityNotFound();
        if (write.IfMatch is { } wanted && wanted != ETag.All && wanted != present!.ETag) throw Refusals.ConditionNotMet();
        if (write.Properties is not { } properties) return null;
        if (write.Merges && present is not null)
        {
            properties = new Dictionary<string, object>(present.Properties);
            foreach (var (property, value) in write.Properties) properties[property] = value;
            properties.Remove("Timestamp");
            EntityRules.CheckSize(write.Key, properties);
        }
        return new MemoryRow(write.Key, properties, NextTimestamp());
    }

    private void Put(EntityKey key, MemoryRow? row)
    {
        if (row is not null)
        {
            if (!rows.ContainsKey(key)) order.Add(key);
            rows[key] = row;
        }
        else if (rows.Remove(key))
        {
            order.Remove(key);
        }
    }

    private DateTimeOffset NextTimestamp()
    {
        var now = clock.GetUtcNow();
        return lastWrite = now > lastWrite ? now : lastWrite.AddTicks(1);
    }
}
