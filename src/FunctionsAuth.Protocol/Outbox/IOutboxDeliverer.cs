namespace FunctionsAuth.Protocol.Outbox;

/// <summary>How an attempt to deliver something ended.</summary>
public enum DeliveryOutcome
{
    Done,

    /// <summary>It may work later.</summary>
    Failed,

    /// <summary>It will never work.</summary>
    Refused,
}

/// <param name="Reason">For the operator, in English. It has no address of a person and nothing of the content.</param>
public sealed record Delivery(DeliveryOutcome Outcome, string? Reason = null)
{
    public static Delivery Done { get; } = new(DeliveryOutcome.Done);

    public static Delivery Failed(string reason) => new(DeliveryOutcome.Failed, reason);

    public static Delivery Refused(string reason) => new(DeliveryOutcome.Refused, reason);
}

/// <summary>Delivers one kind of <see cref="OutboxItem"/>. It must end within <see cref="OutboxRetries.Lease"/>, or another attempt begins beside it.</summary>
public interface IOutboxDeliverer
{
    string Kind { get; }

    /// <summary>
    /// Delivers it. It may be called again after it succeeded, if the process died before that was noted: at least once, not exactly once.
    /// </summary>
    Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation);
}

/// <summary>Delivers nothing, to nobody: what is written for it costs a request as much as something that is delivered.</summary>
public sealed class NothingDeliverer : IOutboxDeliverer
{
    public const string Name = "nothing";

    public string Kind => Name;

    public Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation) => Task.FromResult(Delivery.Done);
}
