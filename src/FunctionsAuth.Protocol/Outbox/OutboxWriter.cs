namespace FunctionsAuth.Protocol.Outbox;

/// <summary>
/// Takes what is to be delivered after the answer to a request. Row and message are awaited, because an instance that has answered may be
/// frozen or removed at once.
/// </summary>
public sealed class OutboxWriter(IOutboxStore store, IOutboxQueue queue, TimeProvider clock)
{
    /// <param name="kind">Of an <see cref="IOutboxDeliverer"/>.</param>
    /// <param name="payload">At most <see cref="OutboxItem.LongestPayload"/> bytes.</param>
    /// <param name="goodFor">For how long it makes sense to deliver it; null for <see cref="OutboxRetries.Usual"/>.</param>
    /// <param name="delay">How long the first attempt waits.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. It may be delivered nevertheless.</exception>
    public async Task WriteAsync(string kind, byte[] payload, TimeSpan? goodFor, CancellationToken cancellation, TimeSpan delay = default)
    {
        var now = clock.GetUtcNow();
        var item = OutboxItem.New(kind, payload, goodFor ?? OutboxRetries.Usual, now) with { NextAttemptAt = now + delay };
        // The row first: a message without a row would be taken for a duplicate.
        await store.InsertAsync(item, cancellation);
        await queue.SendAsync(item.Address, delay, cancellation);
    }
}
