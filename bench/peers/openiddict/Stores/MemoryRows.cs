using System.Collections.Concurrent;
using OpenIddict.Abstractions;

namespace OpenIddictPeer.Stores;

/// <summary>What every stored record has.</summary>
internal abstract class MemoryRow
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public int Version { get; set; }

    public MemoryRow Copy() => (MemoryRow)MemberwiseClone();
}

/// <summary>
/// The records of one kind. Each caller gets a copy, and a change of a copy that is not the newest is refused, as a database does it: without
/// that, two requests could redeem one code.
/// </summary>
internal sealed class MemoryRows<T>
    where T : MemoryRow
{
    private readonly ConcurrentDictionary<string, T> rows = new();

    public IEnumerable<T> All => rows.Values.Select(row => (T)row.Copy());

    public T? Find(string id) => rows.TryGetValue(id, out var row) ? (T)row.Copy() : null;

    public void Add(T row) => rows[row.Id] = (T)row.Copy();

    public void Update(T row)
    {
        var next = (T)row.Copy();
        next.Version++;
        if (!rows.TryGetValue(row.Id, out var present) || present.Version != row.Version || !rows.TryUpdate(row.Id, next, present))
            throw new OpenIddictExceptions.ConcurrencyException("The record was changed by another request.");
        row.Version = next.Version;
    }
}
