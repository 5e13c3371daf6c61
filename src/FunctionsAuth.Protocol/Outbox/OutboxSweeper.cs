using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Outbox;

/// <summary>Sends a new message for each row whose message got lost. An hourly timer calls it.</summary>
public sealed partial class OutboxSweeper(IOutboxStore store, IOutboxQueue queue, TimeProvider clock, ILogger<OutboxSweeper> log)
{
    // If a row is overdue for less than this time, its message may still be in the queue.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int Width = 16;

    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. The next run tries again.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var count = 0;
        List<RecordAddress> found = [];
        await foreach (var address in store.FindOverdueAsync(now - Patience, now, cancellation))
        {
            found.Add(address);
            if (found.Count == Width)
                await SendAsync();
        }
        await SendAsync();
        if (count > 0)
            LogSwept(count);

        async Task SendAsync()
        {
            await Task.WhenAll(found.Select(address => queue.SendAsync(address, TimeSpan.Zero, cancellation)));
            count += found.Count;
            found.Clear();
        }
    }

    [LoggerMessage(3302, LogLevel.Warning, "{Count} deliveries were overdue without a message in the queue, and have a new one")]
    private partial void LogSwept(int count);
}
