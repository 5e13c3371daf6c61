using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Indexes;

/// <summary>The records that are read in parts to write their index entries.</summary>
public enum IndexedRecords
{
    Users,
    Consents,
}

/// <summary>The progress of the walks over all records.</summary>
public sealed record IndexWalk
{
    /// <summary>The number of completed walks.</summary>
    public int Ended { get; init; }

    /// <summary>The time at which the last of them was completed.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The kind of records that the current walk reads.</summary>
    public IndexedRecords Records { get; init; }

    /// <summary>The position at which it continues; null at the beginning.</summary>
    public string? Position { get; init; }

    /// <summary>The version that the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

public interface IIndexStore
{
    Task<IndexWalk?> FindWalkAsync(CancellationToken cancellation);

    Task<WriteResult<IndexWalk>> TrySaveWalkAsync(IndexWalk walk, CancellationToken cancellation);

    /// <summary>Writes the index entries of one part of the records.</summary>
    /// <returns>The number of records, and the position of the next part; null at the end.</returns>
    Task<(int Count, string? Next)> WriteAsync(IndexedRecords records, ListRequest request, CancellationToken cancellation);
}
