namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// Encrypts secrets that the server must be able to read again, with a key that the key vault wraps. So access to the tables alone does not reveal
/// them.
/// </summary>
public interface ISecretSeal
{
    /// <param name="context">The purpose and the owner of the secret. It can be opened only with the same context.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">The vault or storage did not answer.</exception>
    Task<byte[]> SealAsync(ReadOnlyMemory<byte> secret, string context, CancellationToken cancellation);

    /// <inheritdoc cref="SealAsync"/>
    /// <returns>The secret; null if it was sealed for another context or is damaged.</returns>
    Task<byte[]?> OpenAsync(byte[] sealedSecret, string context, CancellationToken cancellation);
}
