namespace FunctionsAuth.Protocol.Storage;

/// <summary>Secrets that all instances share and nobody sets: each is made when it is first needed, and never changes.</summary>
public interface ISecretStore
{
    /// <returns>32 bytes: of several that ask at once, all get the same.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<byte[]> GetOrCreateAsync(string name, CancellationToken cancellation);
}
