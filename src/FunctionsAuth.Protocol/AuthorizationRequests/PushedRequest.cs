using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>An authorization request that a client pushed (RFC 9126), until its person comes with the <c>request_uri</c>.</summary>
public sealed record PushedRequest
{
    public required RecordAddress Address { get; init; }

    /// <summary>The parameters, form-encoded.</summary>
    public required string Encoded { get; init; }

    /// <summary>Until then its person may come.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// When it was answered. It is written and not deleted, as a write can tell afterwards that it won when its answer got lost.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

/// <summary>The pushed requests. A parked one is never found here.</summary>
public interface IPushedRequestStore
{
    Task InsertAsync(PushedRequest request, CancellationToken cancellation);
    Task<PushedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Writes the request if it still is as it was read.</summary>
    Task<WriteResult<PushedRequest>> TryReplaceAsync(PushedRequest request, CancellationToken cancellation);
}
