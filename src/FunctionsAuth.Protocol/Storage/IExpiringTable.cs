namespace FunctionsAuth.Protocol.Storage;

/// <summary>A table whose records expire.</summary>
public interface IExpiringTable
{
    string Name { get; }

    /// <summary>
    /// Deletes records that ended in an hour before that of <paramref name="now"/>. The cost depends on the number of deleted records, not on the
    /// size of the table. It can be stopped at any point, and two runs at the same time do no harm.
    /// </summary>
    /// <returns>The number of deleted records.</returns>
    Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation);
}
