using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Prune;

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
