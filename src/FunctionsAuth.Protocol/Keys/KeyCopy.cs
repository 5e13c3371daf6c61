using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>The public part of one key in one store, as somebody last saw it there.</summary>
public sealed record KeyCopy
{
    /// <summary>The <see cref="IKeyStore.Name"/> of the store.</summary>
    public required string Store { get; init; }

    public required SigningKeyType Type { get; init; }

    /// <summary>The versions that were enabled.</summary>
    public required IReadOnlyList<KeyVersion> Versions { get; init; }

    /// <summary>What the table compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

/// <summary>
/// Copies of public keys. An instance that has just started reads them while it can't read the key store itself: so it still publishes the
/// JWKS and checks tokens, and only signing has to wait. Whoever may write this table decides whose tokens such an instance takes.
/// </summary>
public interface IKeyCopyStore
{
    Task<KeyCopy?> FindAsync(string store, SigningKeyType type, CancellationToken cancellation);

    /// <summary>Inserts the copy if its version is empty, else writes it if it still is as it was read.</summary>
    Task<WriteResult<KeyCopy>> TrySaveAsync(KeyCopy copy, CancellationToken cancellation);
}
