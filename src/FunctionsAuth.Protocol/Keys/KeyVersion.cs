namespace FunctionsAuth.Protocol.Keys;

/// <summary>One enabled version of a signing key, as its vault describes it.</summary>
public sealed record KeyVersion
{
    /// <summary>The vault's id of this very version.</summary>
    public required string Id { get; init; }

    /// <summary>The <see cref="IKeyVault.Name"/> of where it is. The versions of a key in one vault succeed each other; vaults stand side by side.</summary>
    public required string Vault { get; init; }

    /// <summary>See <see cref="IKeyVault.IsReserve"/>.</summary>
    public bool IsReserve { get; init; }

    public required PublicKey PublicKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed: disabled and enabled again, for one. Null is the same as <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Since when it has certainly stood here as it is now. What somebody enabled again begins anew: clients may have
    /// forgotten it.
    /// </summary>
    public DateTimeOffset KnownFrom => UpdatedAt > CreatedAt ? UpdatedAt.Value : CreatedAt;
}

/// <summary>The versions of the signing keys in one place, and signing with them: a key vault, or wrapped keys in a table.</summary>
public interface IKeyVault
{
    /// <summary>Unique among those that are configured. For logs and <see cref="KeyVersion.Vault"/>.</summary>
    string Name { get; }

    /// <summary>Its keys are published, and sign only while no others can; none is made here.</summary>
    bool IsReserve { get; }

    /// <summary>The enabled versions; none when there is no such key yet.</summary>
    /// <exception cref="KeyVaultException">It did not answer.</exception>
    Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation);

    /// <summary>Whether there is any version, enabled or not.</summary>
    /// <exception cref="KeyVaultException">It did not answer.</exception>
    Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation);

    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/> that the key's type serves.</param>
    /// <param name="digest">SHA-256 of what is signed.</param>
    /// <returns>The signature as JWS has it (RFC 7518 §3): for ES256 the raw r || s.</returns>
    /// <exception cref="KeyVaultException">It did not sign.</exception>
    Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation);

    /// <summary>
    /// Makes a new version, and the key with it when there is none. Where that can be known, nothing is made when another
    /// instance has made one since.
    /// </summary>
    /// <param name="newest">The newest enabled version that the caller saw.</param>
    /// <exception cref="KeyVaultException">It made none.</exception>
    Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation);

    /// <exception cref="KeyVaultException">It still stands as it was.</exception>
    Task DisableAsync(KeyVersion version, CancellationToken cancellation);

    /// <summary>New versions come from elsewhere, such as Key Vault's rotation policy, and the rollover timer makes none.</summary>
    Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation);
}
