using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Indexes;

/// <summary>What is read in parts to write its rows in the indexes.</summary>
public enum IndexedRecords
{
    Users,
    Consents,
}

/// <summary>How far the walks over all records have come.</summary>
public sealed record IndexWalk
{
    /// <summary>How many walks have come to their end.</summary>
    public int Ended { get; init; }

    /// <summary>When the last of them did.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the walk that is under way reads.</summary>
    public IndexedRecords Records { get; init; }

    /// <summary>Where it goes on there; null at the beginning.</summary>
    public string? Position { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

public interface IIndexStore
{
    Task<IndexWalk?> FindWalkAsync(CancellationToken cancellation);

    Task<WriteResult<IndexWalk>> TrySaveWalkAsync(IndexWalk walk, CancellationToken cancellation);

    /// <summary>Writes what the indexes have of a part of the records.</summary>
    /// <returns>How many records there were, and where the next part begins; null at the end.</returns>
    Task<(int Count, string? Next)> WriteAsync(IndexedRecords records, ListRequest request, CancellationToken cancellation);
}
