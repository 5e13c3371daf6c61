using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>One version of a key, as it is now.</summary>
internal sealed record LocalKey(string Name, string Version, PrivateKey Key, KeyFacts Facts);

/// <summary>Where versions of keys are kept.</summary>
internal abstract class LocalKeys
{
    /// <summary>Every version of this name, disabled ones too, oldest first; none when the name is unknown.</summary>
    public abstract IReadOnlyList<LocalKey> List(string name);

    /// <summary>Null when there is none.</summary>
    public abstract LocalKey? Find(string name, string version);

    /// <exception cref="KeyFilesException">It can't be written.</exception>
    public abstract void Add(LocalKey key);

    /// <summary>Replaces the facts of a version that is there.</summary>
    public abstract void Update(LocalKey key);

    /// <summary>Runs an action while no other one runs that was given to this method, in this process or in another one.</summary>
    public abstract Task RunAloneAsync(Func<Task> action, CancellationToken cancellation);

    // Versions of one second are told apart by their names, so that every process sees one order.
    protected static IReadOnlyList<LocalKey> InOrder(IEnumerable<LocalKey> keys) =>
        [.. keys.OrderBy(k => k.Facts.Created).ThenBy(k => k.Version, StringComparer.Ordinal)];
}
