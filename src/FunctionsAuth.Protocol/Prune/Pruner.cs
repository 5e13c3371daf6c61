using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Prune;

/// <summary>What the prune timer does: it deletes what has ended, writes indexes for old records, and looks for deliveries whose message got lost.</summary>
public sealed partial class Pruner(IEnumerable<IExpiringTable> tables, OutboxSweeper outbox, IndexBackfill indexes, HourlyCounters counters, TimeProvider clock, ILogger<Pruner> log)
{
    /// <exception cref="TemporarilyUnavailableException">A table could not be pruned, or the outbox not be swept. All else was done.</exception>
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
                // The others must not fill up meanwhile; the next run tries this one again.
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
        // Last: what is wrong with the queue may be no outage, such as a role that is missing.
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

    // Written even if there was nothing to do: an alert waits for it.
    [LoggerMessage(4002, LogLevel.Information, "All tables are pruned, of {Count} expired records")]
    private partial void LogDone(int count);
}
