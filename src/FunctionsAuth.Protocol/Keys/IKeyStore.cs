namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// A place that holds versions of the signing keys and signs with them: a Key Vault, a table with wrapped keys, or files on this machine.
/// </summary>
public interface IKeyStore
{
    /// <summary>Unique among the configured stores. It is the value of <see cref="KeyVersion.Store"/> and stands in logs and metrics.</summary>
    string Name { get; }

    /// <summary>
    /// True for a store that stands by. Its keys are published, but they sign only while no other store can, and the server makes no new
    /// keys in it.
    /// </summary>
    bool IsReserve { get; }

    /// <summary>True for a store that may be out of reach while the tables are not, so that a copy of its public keys in a table is of use.</summary>
    bool IsApart { get; }

    /// <summary>Lists the enabled versions. The list is empty while the key does not exist.</summary>
    /// <exception cref="KeyStoreException">The store did not answer.</exception>
    Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation);

    /// <summary>Tells whether the store has any version of the key, enabled or disabled.</summary>
    /// <exception cref="KeyStoreException">The store did not answer.</exception>
    Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation);

    /// <summary>Signs a digest with one version.</summary>
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/> that the key's type serves.</param>
    /// <param name="digest">The SHA-256 digest of what is signed: 32 bytes.</param>
    /// <returns>The signature in the form of JWS (RFC 7518 §3). For ES256 this is r || s, 64 bytes.</returns>
    /// <exception cref="KeyStoreException">The store did not sign.</exception>
    Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation);

    /// <summary>Signs with a version whose private key is in the memory of this process, without any waiting.</summary>
    /// <param name="digestFor">Computes the digest, as for <see cref="KeySigner.SignAsync"/>. It is called only if the store can sign.</param>
    /// <returns>Null where the store would have to wait or to refuse: <see cref="SignAsync"/> does that.</returns>
    byte[]? TrySign(KeyVersion version, string algorithm, Func<KeyVersion, byte[]> digestFor) => null;

    /// <summary>
    /// Makes a new version, and the key itself if it does not exist. A store that can detect that another instance has made a version
    /// in the meantime makes none.
    /// </summary>
    /// <param name="newest">The newest enabled version that the caller saw; null when it saw none.</param>
    /// <exception cref="KeyStoreException">No version was made.</exception>
    Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation);

    /// <summary>Disables a version: it signs nothing any more, and <see cref="ListAsync"/> leaves it out.</summary>
    /// <exception cref="KeyStoreException">The version was not disabled.</exception>
    Task DisableAsync(KeyVersion version, CancellationToken cancellation);

    /// <summary>Tells whether something else makes new versions, such as a rotation policy in Key Vault. The rollover timer makes none then.</summary>
    /// <exception cref="KeyStoreException">The store did not answer.</exception>
    Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation);
}
