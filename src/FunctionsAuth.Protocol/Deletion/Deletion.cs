using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Deletion;

/// <summary>The deletion of an account that has begun: what the next one who works on it needs to know.</summary>
/// <param name="Pseudonym">Stands for the person in the audit from now on.</param>
/// <param name="Actor">Who wants it.</param>
/// <param name="LoginNames">What the person signed in with.</param>
public sealed record Deletion(string Subject, string Pseudonym, AuditActor Actor, IReadOnlyList<string> LoginNames, DateTimeOffset BegunAt)
{
    /// <summary>The groups that the person was in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}

public interface IDeletionStore
{
    /// <summary>Notes it, in place of a note on the same account.</summary>
    Task SaveAsync(Deletion deletion, CancellationToken cancellation);

    /// <summary>The deletions that are not done.</summary>
    Task<IReadOnlyList<Deletion>> ListAsync(CancellationToken cancellation);

    Task EndAsync(Deletion deletion, CancellationToken cancellation);
}
