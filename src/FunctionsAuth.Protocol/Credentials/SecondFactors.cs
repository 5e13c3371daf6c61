namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// What a person has beside a password: one record, so that each use of a code is one conditional write, and two uses of the same code can't
/// both win.
/// </summary>
public sealed record SecondFactors
{
    public required string Subject { get; init; }

    /// <summary>The app that makes codes; null while the person has none.</summary>
    public TotpSecret? Totp { get; init; }

    /// <summary>The secret that was shown to the person, who has not confirmed it with a code yet.</summary>
    public TotpSecret? OfferedTotp { get; init; }

    /// <summary>The session in which it was shown. In another one it is worth nothing: somebody else may have seen it there.</summary>
    public string? OfferedIn { get; init; }

    /// <summary>SHA-256 of each recovery code that is left: they have enough entropy.</summary>
    public IReadOnlyList<byte[]> RecoveryCodes { get; init; } = [];

    /// <summary>When the bucket of wrong codes has drained: see <see cref="FactorGuesses"/>.</summary>
    public DateTimeOffset? GuessesUntil { get; init; }

    /// <summary>How often the factors were locked since the last right code: each lock is longer.</summary>
    public int Locks { get; init; }

    /// <summary>No browser that was remembered before counts as remembered.</summary>
    public DateTimeOffset? DevicesValidFrom { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool HasAny => Totp is not null;
}

/// <summary>The secret of an app that makes codes (RFC 6238).</summary>
/// <param name="Sealed">The secret as <see cref="Storage.ISecretSeal"/> wrote it.</param>
/// <param name="LastStep">The time step of the last code that was accepted: no code of it or before is accepted again (RFC 6238 §5.2).</param>
/// <param name="At">When the person was shown it, or confirmed it.</param>
public sealed record TotpSecret(byte[] Sealed, long LastStep, DateTimeOffset At);
