namespace FunctionsAuth.Protocol.Storage;

/// <summary>What may be used once, such as the <c>jti</c> of a client's assertion.</summary>
public interface IReplayStore
{
    /// <summary>Notes that it was used: exactly one of several at once is the first.</summary>
    /// <param name="use">What is used, with whose and what for: no two uses have the same text.</param>
    /// <param name="expiresAt">From then on it would be refused anyway. The same use must always come with the same moment.</param>
    /// <returns>False when it was used before.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<bool> TryUseAsync(string use, DateTimeOffset expiresAt, CancellationToken cancellation);
}
