using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>
/// The grants. Every method throws <see cref="Errors.TemporarilyUnavailableException"/> when storage does not answer.
/// </summary>
public interface IGrantStore
{
    Task InsertAsync(Grant grant, CancellationToken cancellation);

    Task<Grant?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Writes the grant if it still is as it was read.</summary>
    Task<WriteResult<Grant>> TryReplaceAsync(Grant grant, CancellationToken cancellation);

    /// <summary>
    /// Ends the grant, whatever else is written to it at the same time: one write without a condition, and it makes every
    /// compare-and-swap that is under way fail. A grant that is gone already is as good as revoked.
    /// </summary>
    Task RevokeAsync(RecordAddress address, DateTimeOffset at, CancellationToken cancellation);
}
