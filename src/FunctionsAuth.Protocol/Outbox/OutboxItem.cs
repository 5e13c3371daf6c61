using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Outbox;

/// <summary>An item that is to be delivered after the response to a request. Its row is deleted after the delivery.</summary>
public sealed record OutboxItem
{
    /// <summary>The time after <see cref="Until"/> for which the row is kept, so that the last attempt can report that it gave up.</summary>
    private static readonly TimeSpan Remains = TimeSpan.FromHours(2);

    public required RecordAddress Address { get; init; }

    /// <summary>The name of the <see cref="IOutboxDeliverer"/>. The names are stored in rows, so they must not change.</summary>
    public required string Kind { get; init; }

    /// <summary>The data for the deliverer. At most <see cref="LongestPayload"/> bytes.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>After this time, nothing is delivered any more.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The number of attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>The time before which no attempt begins. During an attempt it is the time at which another process can take over.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>The version of the row, for compare-and-swap.</summary>
    public string Version { get; init; } = "";

    /// <summary>Bytes: a property of a row has room for 64 KiB.</summary>
    public const int LongestPayload = 64 * 1024;

    /// <summary>A new item, to be delivered at once.</summary>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    public static OutboxItem New(string kind, byte[] payload, TimeSpan goodFor, DateTimeOffset now) => new()
    {
        Address = RecordAddress.New(now + goodFor + Remains),
        Kind = kind,
        Payload = payload.Length <= LongestPayload ? payload : throw new ArgumentException($"A payload has at most {LongestPayload} bytes.", nameof(payload)),
        Until = now + goodFor,
        NextAttemptAt = now,
    };
}

public interface IOutboxStore
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task InsertAsync(OutboxItem item, CancellationToken cancellation);

    /// <returns>Null if the item was delivered or given up.</returns>
    /// <inheritdoc cref="InsertAsync"/>
    Task<OutboxItem?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Compare-and-swap: exactly one of several writes at the same time succeeds.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task<WriteResult<OutboxItem>> TryReplaceAsync(OutboxItem item, CancellationToken cancellation);

    /// <summary>Deletes the item. If it is gone already, that is not an error.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Finds the items whose next attempt should have begun before that time.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    IAsyncEnumerable<RecordAddress> FindOverdueAsync(DateTimeOffset moment, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>A queue of addresses of rows. A message can arrive twice or get lost; the row decides whether a delivery is due.</summary>
public interface IOutboxQueue
{
    /// <param name="delay">The time for which the message stays invisible. At most 7 days.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task SendAsync(RecordAddress address, TimeSpan delay, CancellationToken cancellation);
}
