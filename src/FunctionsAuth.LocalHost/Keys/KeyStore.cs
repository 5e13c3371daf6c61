using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Keys;

/// <summary>One version of a key, as it is now.</summary>
internal sealed record LocalKey(string Name, string Version, PrivateKey Key, KeyFacts Facts);

/// <summary>Where versions of keys are kept.</summary>
internal abstract class KeyStore
{
    /// <summary>Every version of this name, disabled ones too, oldest first; none when the name is unknown.</summary>
    public abstract IReadOnlyList<LocalKey> List(string name);

    /// <summary>Null when there is none.</summary>
    public abstract LocalKey? Find(string name, string version);

    public abstract void Add(LocalKey key);

    /// <summary>Replaces the facts of a version that is there.</summary>
    public abstract void Update(LocalKey key);

    // Versions of one second are told apart by their names, so that every process sees one order.
    protected static IReadOnlyList<LocalKey> InOrder(IEnumerable<LocalKey> keys) =>
        [.. keys.OrderBy(k => k.Facts.Created).ThenBy(k => k.Version, StringComparer.Ordinal)];
}
