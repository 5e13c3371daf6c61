using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>
/// The grants. Every method throws <see cref="Errors.TemporarilyUnavailableException"/> when storage does not answer.
/// </summary>
public interface IGrantStore
{
    Task InsertAsync(Grant grant, CancellationToken cancellation);

    Task<Grant?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Replaces the grant if it has not changed since it was read.</summary>
    Task<WriteResult<Grant>> TryReplaceAsync(Grant grant, CancellationToken cancellation);

    /// <summary>
    /// Revokes the grant, whatever else is written at the same time: one write without a condition, which makes every compare-and-swap in progress
    /// fail. If the grant no longer exists, it counts as revoked.
    /// </summary>
    Task RevokeAsync(RecordAddress address, DateTimeOffset at, CancellationToken cancellation);
}
