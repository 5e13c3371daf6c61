using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Deletion;

/// <summary>A deletion of an account that has begun, with all data that is needed to complete it.</summary>
/// <param name="Pseudonym">The name for the user in the audit from now on.</param>
/// <param name="Actor">Who wants it.</param>
/// <param name="LoginNames">The names with which the user signed in.</param>
public sealed record Deletion(string Subject, string Pseudonym, AuditActor Actor, IReadOnlyList<string> LoginNames, DateTimeOffset BegunAt)
{
    /// <summary>The groups that the person was in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}

public interface IDeletionStore
{
    /// <summary>Stores the note, and replaces an earlier note on the same account.</summary>
    Task SaveAsync(Deletion deletion, CancellationToken cancellation);

    /// <summary>The deletions that are not complete.</summary>
    Task<IReadOnlyList<Deletion>> ListAsync(CancellationToken cancellation);

    Task EndAsync(Deletion deletion, CancellationToken cancellation);
}
