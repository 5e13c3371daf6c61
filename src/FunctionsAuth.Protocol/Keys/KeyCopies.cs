using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>Keeps the copies of public keys as their stores have them. The rollover timer does that, so it costs no request anything.</summary>
public sealed partial class KeyCopies(IKeyCopyStore copies, ServerOptions options, TimeProvider clock, ILogger<KeyCopies> log)
{
    /// <param name="versions">The enabled versions, as the store has just said.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">The table did not answer.</exception>
    public async Task KeepAsync(IKeyStore store, SigningKeyType type, IReadOnlyList<KeyVersion> versions, CancellationToken cancellation)
    {
        if (!store.IsApart)
            return;
        await CompareAndSwap.ChangeAsync(await copies.FindAsync(store.Name, type, cancellation), Updated, copies.TrySaveAsync, cancellation);

        KeyCopy? Updated(KeyCopy? stored)
        {
            if (stored is not null && AreSame(stored.Versions, versions))
                return null;
            foreach (var unknown in UnknownTo(versions, stored))
                LogUnknown(type, unknown.PublicKey.Kid, store.Name);
            return new KeyCopy { Store = store.Name, Type = type, Versions = versions, Version = stored?.Version ?? "" };
        }
    }

    /// <summary>Versions of the copy that the store does not have, although they have not retired.</summary>
    private IEnumerable<KeyVersion> UnknownTo(IReadOnlyList<KeyVersion> versions, KeyCopy? stored)
    {
        if (stored is null)
            return [];
        var retired = KeyRing.At(stored.Versions, KeyRingRules.From(options), clock.GetUtcNow()).Retired.ToList();
        return stored.Versions.Where(copied => !retired.Contains(copied) && !versions.Any(version => version.PublicKey.Kid == copied.PublicKey.Kid));
    }

    private static bool AreSame(IReadOnlyList<KeyVersion> one, IReadOnlyList<KeyVersion> other) =>
        one.Count == other.Count && one.OrderBy(version => version.Id, StringComparer.Ordinal).Zip(other.OrderBy(version => version.Id, StringComparer.Ordinal)).All(pair =>
            pair.First.PublicKey.Kid == pair.Second.PublicKey.Kid
            && pair.First with { PublicKey = pair.Second.PublicKey } == pair.Second);

    [LoggerMessage(2009, LogLevel.Warning, "The copy of the {Type} keys had {Kid}, which {Vault} does not have; it was removed from the copy. Unless you have disabled that key, somebody has changed the table")]
    private partial void LogUnknown(SigningKeyType type, string kid, string vault);
}
