namespace FunctionsAuth.Protocol.Outbox;

/// <summary>The result of a delivery attempt.</summary>
public enum DeliveryOutcome
{
    Done,

    /// <summary>A later attempt may succeed.</summary>
    Failed,

    /// <summary>No attempt can succeed.</summary>
    Refused,
}

/// <param name="Reason">The reason for the operator, in English. It contains no address of a user and no content.</param>
public sealed record Delivery(DeliveryOutcome Outcome, string? Reason = null)
{
    public static Delivery Done { get; } = new(DeliveryOutcome.Done);

    public static Delivery Failed(string reason) => new(DeliveryOutcome.Failed, reason);

    public static Delivery Refused(string reason) => new(DeliveryOutcome.Refused, reason);
}

/// <summary>
/// Delivers one kind of <see cref="OutboxItem"/>. It must end within <see cref="OutboxRetries.Lease"/>. Otherwise another attempt begins at the same
/// time.
/// </summary>
public interface IOutboxDeliverer
{
    string Kind { get; }

    /// <summary>
    /// Delivers the item. It may be called again after a success, if the process ended before the success was stored: delivery is at least once, not
    /// exactly once.
    /// </summary>
    Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation);
}

/// <summary>Delivers nothing. It exists so that requests that send nothing take the same time as requests that send something.</summary>
public sealed class NothingDeliverer : IOutboxDeliverer
{
    public const string Name = "nothing";

    public string Kind => Name;

    public Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation) => Task.FromResult(Delivery.Done);
}
