using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>An authorization request that a client pushed (RFC 9126). It is stored until a user comes with the <c>request_uri</c>.</summary>
public sealed record PushedRequest
{
    public required RecordAddress Address { get; init; }

    /// <summary>The parameters, form-encoded.</summary>
    public required string Encoded { get; init; }

    /// <summary>The time until which a user can come with the request.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// The time of the answer. An answered request is written and not deleted. If the answer of storage was lost, the caller can still find out that
    /// its own write succeeded.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

/// <summary>The pushed requests. Parked requests are stored separately.</summary>
public interface IPushedRequestStore
{
    Task InsertAsync(PushedRequest request, CancellationToken cancellation);
    Task<PushedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Replaces the request if it has not changed since it was read.</summary>
    Task<WriteResult<PushedRequest>> TryReplaceAsync(PushedRequest request, CancellationToken cancellation);
}
