namespace FunctionsAuth.Protocol.Storage;

/// <summary>A call that is run once, whoever repeats it.</summary>
public sealed record IdempotentCall
{
    public required RecordAddress Address { get; init; }

    /// <summary>A hash of the request.</summary>
    public required byte[] Request { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>The sealed answer; null until there is one.</summary>
    public byte[]? Answer { get; init; }

    /// <summary>What the store compares on a write.</summary>
    public string Version { get; init; } = "";
}

/// <summary>Calls that are run once. They are kept for one to two days.</summary>
public interface IIdempotencyStore
{
    /// <summary>Notes that a call begins. One that began five minutes ago and has no answer is taken for dead, and begins anew.</summary>
    /// <param name="name">Whose call it is, and its key.</param>
    /// <returns>Whether it is new, and the call as it is noted.</returns>
    Task<(bool IsNew, IdempotentCall Call)> BeginAsync(string name, byte[] request, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps the answer.</summary>
    Task CompleteAsync(IdempotentCall call, CancellationToken cancellation);

    /// <summary>The next one with the same key begins anew.</summary>
    Task ForgetAsync(IdempotentCall call, CancellationToken cancellation);
}
