using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Outbox;

/// <summary>
/// The function for messages of the queue. The caller that moves the row's next attempt into the future by compare-and-swap delivers. For others the
/// row is not due, and they try again later. So a message that arrives twice is delivered once, and an attempt whose process died is repeated.
/// </summary>
public sealed partial class OutboxDelivery(
    IOutboxStore store, IOutboxQueue queue, IEnumerable<IOutboxDeliverer> deliverers, SecurityEvents events, TimeProvider clock, ILogger<OutboxDelivery> log)
{
    /// <summary>Tries to deliver the item at this address, if it is due.</summary>
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer, so the message must be delivered again.</exception>
    public async Task DeliverAsync(RecordAddress address, CancellationToken cancellation)
    {
        if (await store.FindAsync(address, cancellation) is not { } item)
            return;
        var now = clock.GetUtcNow();
        if (item.NextAttemptAt > now)
        {
            await queue.SendAsync(address, item.NextAttemptAt - now, cancellation);
            return;
        }
        var lease = await store.TryReplaceAsync(item with { Attempts = item.Attempts + 1, NextAttemptAt = now + OutboxRetries.Lease }, cancellation);
        if (lease.Won)
            await EndAsync(lease.Current!, now > item.Until ? Delivery.Refused("there was no time left") : await AttemptAsync(lease.Current!, cancellation));
        else if (lease.Current is { } taken)
            await queue.SendAsync(address, Positive(taken.NextAttemptAt - now), cancellation);
    }

    private async Task<Delivery> AttemptAsync(OutboxItem item, CancellationToken cancellation)
    {
        // A later release wrote the item. Its instances are still starting, and one of them will deliver it.
        if (deliverers.FirstOrDefault(one => one.Kind == item.Kind) is not { } deliverer)
            return Delivery.Failed("this release can't deliver it");
        try
        {
            return await deliverer.DeliverAsync(item, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The message of the exception could contain an address.
            return Delivery.Failed(e is TemporarilyUnavailableException unavailable ? unavailable.Message : e.GetType().Name);
        }
    }

    private async Task EndAsync(OutboxItem item, Delivery delivery)
    {
        var now = clock.GetUtcNow();
        var next = now + OutboxRetries.PauseAfter(item.Attempts);
        var isOver = delivery.Outcome != DeliveryOutcome.Failed || OutboxRetries.IsLast(item, now);
        ServerMetrics.Delivery(item.Kind, delivery.Outcome == DeliveryOutcome.Done ? "ok" : isOver ? "given_up" : "failed");
        if (isOver)
        {
            if (delivery.Outcome != DeliveryOutcome.Done)
                await events.DeliveryGivenUpAsync(item.Kind, item.Attempts, delivery.Reason ?? "");
            await store.DeleteAsync(item.Address, CancellationToken.None);
            return;
        }
        LogFailed(item.Kind, item.Attempts, delivery.Reason ?? "");
        await store.TryReplaceAsync(item with { NextAttemptAt = next }, CancellationToken.None);
        await queue.SendAsync(item.Address, next - now, CancellationToken.None);
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    [LoggerMessage(3301, LogLevel.Warning, "{Kind} could not be delivered in attempt {Attempt}, and is tried again: {Reason}")]
    private partial void LogFailed(string kind, int attempt, string reason);
}
