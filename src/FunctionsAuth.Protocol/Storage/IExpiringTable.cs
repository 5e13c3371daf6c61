namespace FunctionsAuth.Protocol.Storage;

/// <summary>A table whose records end by themselves.</summary>
public interface IExpiringTable
{
    string Name { get; }

    /// <summary>
    /// Deletes what ended in an hour before that of <paramref name="now"/>. Its cost grows with what it deletes, not with
    /// what is stored. It can be stopped at any point, and two at once do no harm.
    /// </summary>
    /// <returns>How many records it deleted.</returns>
    Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation);
}
