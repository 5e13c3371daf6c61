namespace FunctionsAuth.Protocol.Keys;

/// <summary>One enabled version of a signing key, as the vault describes it.</summary>
public sealed record KeyVersion
{
    /// <summary>The vault's id of this very version.</summary>
    public required string Id { get; init; }

    public required PublicKey PublicKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it has been announced long enough, and the vault signs with it.</summary>
    public DateTimeOffset SignsFrom(TimeSpan announce) => NotBefore is { } start && start > CreatedAt + announce ? start : CreatedAt + announce;

    /// <summary>The vault signs with it at that moment.</summary>
    public bool IsUsable(DateTimeOffset now) => now >= (NotBefore ?? now) && (ExpiresAt is null || now < ExpiresAt);
}

/// <summary>What a version does.</summary>
public enum KeyState
{
    /// <summary>In the JWKS, not signing: clients get to know it.</summary>
    Announced,
    Signing,

    /// <summary>In the JWKS until the last token that it signed has expired.</summary>
    Retained,

    /// <summary>Out of the JWKS; the rollover timer disables it.</summary>
    Retired,
}

/// <summary>The versions of the signing keys, and signing with them: Key Vault, or files on LocalHost.</summary>
public interface IKeyVault
{
    /// <summary>The enabled versions; none when there is no such key yet.</summary>
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/>: it decides which key's versions these are.</param>
    Task<IReadOnlyList<KeyVersion>> ListAsync(string algorithm, CancellationToken cancellation);

    /// <summary>Whether there is any version, enabled or not.</summary>
    Task<bool> HasAnyAsync(string algorithm, CancellationToken cancellation);

    /// <param name="digest">SHA-256 of what is signed.</param>
    /// <returns>The signature as JWS has it (RFC 7518 §3): for ES256 the raw r || s.</returns>
    Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation);

    /// <summary>Makes a new version, and the key with it when there is none.</summary>
    Task CreateAsync(string algorithm, CancellationToken cancellation);

    Task DisableAsync(KeyVersion version, CancellationToken cancellation);
}
