namespace FunctionsAuth.Protocol.Storage;

/// <summary>Secrets that all instances share and nobody configures. Each is made when it is first needed, and never changes.</summary>
public interface ISecretStore
{
    /// <returns>32 bytes. If several callers ask at the same time, all get the same secret.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<byte[]> GetOrCreateAsync(string name, CancellationToken cancellation);
}
