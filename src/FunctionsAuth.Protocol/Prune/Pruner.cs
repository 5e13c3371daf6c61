using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Prune;

/// <summary>The work of the prune timer: it deletes expired records, writes indexes for old records, and finds deliveries whose message was lost.</summary>
public sealed partial class Pruner(IEnumerable<IExpiringTable> tables, OutboxSweeper outbox, IndexBackfill indexes, HourlyCounters counters, TimeProvider clock, ILogger<Pruner> log)
{
    /// <exception cref="TemporarilyUnavailableException">A table could not be pruned, or the outbox could not be checked. All other work was done.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await counters.WriteAllAsync();
        var now = clock.GetUtcNow();
        var all = 0;
        List<TemporarilyUnavailableException> failures = [];
        foreach (var table in tables)
        {
            try
            {
                all += await PruneAsync(table, now, cancellation);
            }
            catch (TemporarilyUnavailableException e)
            {
                // The other tables must not fill up in the meantime. The next run tries this table again.
                failures.Add(e);
                LogNotPruned(table.Name, e);
            }
        }
        try
        {
            await indexes.RunAsync(cancellation);
        }
        catch (TemporarilyUnavailableException e)
        {
            failures.Add(e);
            LogNotIndexed(e);
        }
        // This is last, because a failure of the queue may be permanent, such as a missing role.
        await outbox.RunAsync(cancellation);
        if (failures.Count > 0)
            throw failures[0];
        LogDone(all);
    }

    private async Task<int> PruneAsync(IExpiringTable table, DateTimeOffset now, CancellationToken cancellation)
    {
        var count = await table.PruneAsync(now, cancellation);
        ServerMetrics.RecordsPruned(table.Name, count);
        if (count > 0)
            LogPruned(table.Name, count);
        return count;
    }

    [LoggerMessage(4001, LogLevel.Information, "Pruned {Count} expired records of {Table}")]
    private partial void LogPruned(string table, int count);

    [LoggerMessage(4003, LogLevel.Warning, "The expired records of {Table} could not be pruned; the next run tries again")]
    private partial void LogNotPruned(string table, Exception exception);

    [LoggerMessage(4005, LogLevel.Warning, "The indexes could not be written; the next run goes on")]
    private partial void LogNotIndexed(Exception exception);

    // This is written even if there was nothing to do, because an alert fires when it is missing.
    [LoggerMessage(4002, LogLevel.Information, "All tables are pruned, of {Count} expired records")]
    private partial void LogDone(int count);
}
