using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Prune;

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

/// <summary>What the prune timer does.</summary>
public sealed partial class Pruner(IEnumerable<IExpiringTable> tables, TimeProvider clock, ILogger<Pruner> log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var all = 0;
        foreach (var table in tables)
        {
            var count = await table.PruneAsync(now, cancellation);
            all += count;
            ServerMetrics.RecordsPruned(table.Name, count);
            if (count > 0)
                LogPruned(table.Name, count);
        }
        LogDone(all);
    }

    [LoggerMessage(4001, LogLevel.Information, "Pruned {Count} expired records of {Table}")]
    private partial void LogPruned(string table, int count);

    // Written even if there was nothing to do: an alert waits for it.
    [LoggerMessage(4002, LogLevel.Information, "All tables are pruned, of {Count} expired records")]
    private partial void LogDone(int count);
}
