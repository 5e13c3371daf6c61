namespace FunctionsAuth.Protocol.Outbox;

/// <summary>
/// Stores items that are delivered after the response to a request. The caller waits for the row and the message, because the platform may freeze or remove
/// an instance as soon as it has answered.
/// </summary>
public sealed class OutboxWriter(IOutboxStore store, IOutboxQueue queue, TimeProvider clock)
{
    /// <param name="kind">The kind of an <see cref="IOutboxDeliverer"/>.</param>
    /// <param name="payload">At most <see cref="OutboxItem.LongestPayload"/> bytes.</param>
    /// <param name="goodFor">The time after which delivery makes no sense any more; null for <see cref="OutboxRetries.Usual"/>.</param>
    /// <param name="delay">The delay of the first attempt.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. The item may be delivered nevertheless.</exception>
    public async Task WriteAsync(string kind, byte[] payload, TimeSpan? goodFor, CancellationToken cancellation, TimeSpan delay = default)
    {
        var now = clock.GetUtcNow();
        var item = OutboxItem.New(kind, payload, goodFor ?? OutboxRetries.Usual, now) with { NextAttemptAt = now + delay };
        // The row is written first, because a message without a row counts as a duplicate.
        await store.InsertAsync(item, cancellation);
        await queue.SendAsync(item.Address, delay, cancellation);
    }
}
