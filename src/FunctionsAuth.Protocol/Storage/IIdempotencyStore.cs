namespace FunctionsAuth.Protocol.Storage;

/// <summary>A call that is executed only once, however often it is repeated.</summary>
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

/// <summary>Calls that are executed only once. They are kept for one to two days.</summary>
public interface IIdempotencyStore
{
    /// <summary>Stores that a call begins. A call that began five minutes ago and has no answer counts as failed, and begins again.</summary>
    /// <param name="name">The caller and the key of the call.</param>
    /// <returns>Whether the call is new, and the stored call.</returns>
    Task<(bool IsNew, IdempotentCall Call)> BeginAsync(string name, byte[] request, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps the answer.</summary>
    Task CompleteAsync(IdempotentCall call, CancellationToken cancellation);

    /// <summary>The next call with the same key begins again.</summary>
    Task ForgetAsync(IdempotentCall call, CancellationToken cancellation);
}
