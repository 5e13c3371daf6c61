using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>The rings as this instance sees them: one of each type of key, over all vaults.</summary>
public sealed class SigningKeys
{
    private readonly Dictionary<SigningKeyType, RingReader> rings;
    private volatile PublishedKeys? published;

    public SigningKeys(IReadOnlyList<IKeyStore> vaults, ServerOptions options, TimeProvider clock, ILogger<SigningKeys> log) =>
        rings = Enum.GetValues<SigningKeyType>().ToDictionary(
            type => type,
            type => new RingReader([.. vaults.Select(vault => new VaultReader(vault, type, options.Keys, clock, log))], KeyRingRules.From(options), clock));

    /// <summary>Reads all keys, so that the first request need not wait so long. What fails is logged.</summary>
    public async Task WarmAsync(CancellationToken cancellation)
    {
        await FreshenAsync(cancellation);
        foreach (var ring in rings.Values)
            ring.Current();
    }

    /// <summary>What can sign: of the vaults that could be read, be it long ago.</summary>
    /// <exception cref="KeyStoreException">None could, or only one whose keys nobody knows while another may have better ones.</exception>
    public async ValueTask<KeyRing> RingAsync(SigningKeyType type, CancellationToken cancellation)
    {
        var ring = rings[type];
        await ring.FreshenToSignAsync(cancellation);
        var current = ring.Current();
        return current.IsAnnounced || ring.Vaults.FirstOrDefault(vault => vault.Versions is null) is not { } unread ? current : throw unread.NewFailure();
    }

    /// <summary>The same as it is known now, without reading anything.</summary>
    public KeyRing Current(SigningKeyType type) => rings[type].Current();

    /// <summary>All keys that a token of this server may be signed with, of every type.</summary>
    /// <exception cref="KeyStoreException">Some vault was not read yet: without its keys good tokens would be refused.</exception>
    public async ValueTask<IReadOnlyList<PublicKey>> PublishedAsync(CancellationToken cancellation)
    {
        await FreshenAsync(cancellation);
        var now = new List<KeyRing>(rings.Count);
        foreach (var ring in rings.Values)
        {
            if (ring.Vaults.FirstOrDefault(vault => vault.Versions is null) is { } unread)
                throw unread.NewFailure();
            now.Add(ring.Current());
        }
        // Made anew only when something has changed.
        if (published is { } last && last.Rings.SequenceEqual(now))
            return last.Keys;
        // One key may have been imported into two vaults, and no kid may stand in a set twice.
        published = new PublishedKeys(now, [.. now.SelectMany(ring => ring.Published).Select(version => version.PublicKey).DistinctBy(key => key.Kid)]);
        return published.Keys;
    }

    /// <summary>Reads one vault again now, and fails where the background refresh would only log.</summary>
    /// <exception cref="KeyStoreException">The vault did not answer.</exception>
    public Task<IReadOnlyList<KeyVersion>> ReloadAsync(IKeyStore vault, SigningKeyType type, CancellationToken cancellation) =>
        rings[type].Find(vault.Name).ReloadAsync(cancellation);

    /// <summary>The vault no longer signs with that version: the versions are read again, once for all who meet that.</summary>
    public Task ReloadAfterRefusalAsync(KeyVersion version, CancellationToken cancellation) =>
        rings[version.PublicKey.Type].Find(version.Store).ReloadAfterRefusalAsync(version, cancellation);

    /// <summary>The vaults whose keys could not be read when that was last tried.</summary>
    public IEnumerable<string> Unreadable(SigningKeyType type) =>
        rings[type].Vaults.Where(vault => vault.IsFailing).Select(vault => vault.Vault.Name);

    public IKeyStore VaultOf(KeyVersion version) => rings[version.PublicKey.Type].Find(version.Store).Vault;

    private ValueTask FreshenAsync(CancellationToken cancellation) => AllOf.WaitAsync(rings.Values, ring => ring.FreshenAsync(cancellation));

    private sealed record PublishedKeys(IReadOnlyList<KeyRing> Rings, IReadOnlyList<PublicKey> Keys);
}
