namespace FunctionsAuth.Protocol.Storage;

/// <summary>Values that may be used only once, such as the <c>jti</c> of a client's assertion.</summary>
public interface IReplayStore
{
    /// <summary>Stores that a value was used: of several uses at the same time, exactly one is the first.</summary>
    /// <param name="use">The value, with its owner and purpose: no two values have the same text.</param>
    /// <param name="expiresAt">After this time the value is refused anyway. The same value must always come with the same time.</param>
    /// <returns>False when the value was used before.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<bool> TryUseAsync(string use, DateTimeOffset expiresAt, CancellationToken cancellation);
}
