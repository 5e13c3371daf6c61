namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// The second factors of a user. They are one record, so that each use of a code is one conditional write, and the same code cannot be used twice.
/// </summary>
public sealed record SecondFactors
{
    public required string Subject { get; init; }

    /// <summary>The authenticator app; null while the user has none.</summary>
    public TotpSecret? Totp { get; init; }

    /// <summary>The secret that was shown to the user and is not confirmed with a code yet.</summary>
    public TotpSecret? OfferedTotp { get; init; }

    /// <summary>The session in which it was shown. It is not valid in another session, because somebody else may have seen it there.</summary>
    public string? OfferedIn { get; init; }

    /// <summary>SHA-256 of each remaining recovery code. The codes have enough entropy for a fast hash.</summary>
    public IReadOnlyList<byte[]> RecoveryCodes { get; init; } = [];

    /// <summary>The time at which the bucket of wrong codes is empty: see <see cref="FactorGuesses"/>.</summary>
    public DateTimeOffset? GuessesUntil { get; init; }

    /// <summary>How often the factors were locked since the last right code. Each lock is longer.</summary>
    public int Locks { get; init; }

    /// <summary>Browsers that were remembered before this time must enter a code again.</summary>
    public DateTimeOffset? DevicesValidFrom { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool HasAny => Totp is not null;
}

/// <summary>The secret of an authenticator app (RFC 6238).</summary>
/// <param name="Sealed">The secret, sealed by <see cref="Storage.ISecretSeal"/>.</param>
/// <param name="LastStep">The time step of the last accepted code. Codes of this step and of earlier steps are refused (RFC 6238 §5.2).</param>
/// <param name="At">The time at which it was shown to the user, or confirmed.</param>
public sealed record TotpSecret(byte[] Sealed, long LastStep, DateTimeOffset At);
