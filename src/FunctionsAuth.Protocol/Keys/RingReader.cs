namespace FunctionsAuth.Protocol.Keys;

/// <summary>The ring of one type of key over all vaults, computed anew only when it may have become another.</summary>
internal sealed class RingReader(IReadOnlyList<VaultReader> vaults, KeyRingRules rules, TimeProvider clock)
{
    private volatile Computed? last;

    public IReadOnlyList<VaultReader> Vaults => vaults;

    public VaultReader Find(string vault) => vaults.First(reader => reader.Vault.Name == vault);

    /// <summary>See <see cref="VaultReader.FreshenAsync"/>; of several vaults, all at the same time.</summary>
    public ValueTask FreshenAsync(CancellationToken cancellation) => AllOf.WaitAsync(vaults, vault => vault.FreshenAsync(cancellation));

    /// <summary>The same, but one of several vaults that takes long to answer is not waited for: the others can sign.</summary>
    public async ValueTask FreshenToSignAsync(CancellationToken cancellation)
    {
        var reading = FreshenAsync(cancellation);
        if (vaults.Count == 1)
            await reading;
        else if (!reading.IsCompletedSuccessfully)
            await Task.WhenAny(reading.AsTask(), Task.Delay(KeySigner.LimitBeforeOthers, clock, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The ring now, of the vaults that were read.</summary>
    public KeyRing Current()
    {
        var now = clock.GetUtcNow();
        if (last is { } known && now >= known.At && now < known.Ring.ChangesAt && IsStillOf(known))
            return known.Ring;
        IReadOnlyList<KeyVersion>?[] versions = [.. vaults.Select(vault => vault.Versions)];
        var ring = KeyRing.At(versions.SelectMany(list => list ?? []), rules, now);
        last = new Computed(versions, ring, now);
        return ring;
    }

    private bool IsStillOf(Computed known)
    {
        for (var i = 0; i < vaults.Count; i++)
        {
            if (!ReferenceEquals(vaults[i].Versions, known.Versions[i]))
                return false;
        }
        return true;
    }

    private sealed record Computed(IReadOnlyList<KeyVersion>?[] Versions, KeyRing Ring, DateTimeOffset At);
}
