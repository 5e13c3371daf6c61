using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>One version of a key in its present state.</summary>
internal sealed record LocalKey(string Name, string Version, PrivateKey Key, KeyFacts Facts);

/// <summary>The keys behind a <see cref="LocalKeyClient"/>, with all versions.</summary>
internal abstract class LocalKeys
{
    /// <summary>Every version of the key with this name, enabled or disabled, oldest first. Empty when there is no such key.</summary>
    public abstract IReadOnlyList<LocalKey> List(string name);

    /// <summary>One version; null when there is none.</summary>
    public abstract LocalKey? Find(string name, string version);

    /// <summary>Adds a new version.</summary>
    /// <exception cref="KeyFilesException">The version cannot be written.</exception>
    public abstract void Add(LocalKey key);

    /// <summary>Replaces the facts of an existing version.</summary>
    /// <exception cref="KeyFilesException">The version cannot be written.</exception>
    public abstract void Update(LocalKey key);

    /// <summary>
    /// Runs an action alone: no other action of this method runs at the same time, in this process or in another process with the same keys.
    /// </summary>
    public abstract Task RunAloneAsync(Func<Task> action, CancellationToken cancellation);

    // Versions of the same second are ordered by their names, so that every process sees the same order.
    protected static IReadOnlyList<LocalKey> InOrder(IEnumerable<LocalKey> keys) =>
        [.. keys.OrderBy(k => k.Facts.Created).ThenBy(k => k.Version, StringComparer.Ordinal)];
}
