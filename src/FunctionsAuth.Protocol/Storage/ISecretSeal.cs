namespace FunctionsAuth.Protocol.Storage;

/// <summary>Encrypts secrets that the server must be able to read again, with a key that the key vault wraps: who reads the tables alone can't read them.</summary>
public interface ISecretSeal
{
    /// <param name="context">What the secret is for and whose it is: it opens with the same context only.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">The vault or storage did not answer.</exception>
    Task<byte[]> SealAsync(ReadOnlyMemory<byte> secret, string context, CancellationToken cancellation);

    /// <inheritdoc cref="SealAsync"/>
    /// <returns>Null where it was sealed for something else, or was damaged.</returns>
    Task<byte[]?> OpenAsync(byte[] sealedSecret, string context, CancellationToken cancellation);
}
