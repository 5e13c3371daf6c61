using System.Buffers.Text;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>A public key credential of a user (WebAuthn Level 3 §4).</summary>
public sealed record Passkey
{
    public const int MostOfOnePerson = 20;

    public required string Subject { get; init; }

    /// <summary>The credential id: at most 1023 bytes, chosen by the authenticator.</summary>
    public required byte[] Id { get; init; }

    /// <summary>The public key as the authenticator wrote it (COSE, RFC 9052 §7).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The signature counter of the authenticator. Most synced passkeys always report 0.</summary>
    public required uint SignCount { get; init; }

    /// <summary>The passkey may be on several devices of the user, which WebAuthn calls backup eligible. This never changes.</summary>
    public required bool IsSynced { get; init; }

    /// <summary>The connections to the authenticator, such as <c>usb</c>.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>The name that the user gave it.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>It is written at most once a day if the authenticator does not count.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The RP ID for which it was created. It cannot be used with another RP ID.</summary>
    public required string RelyingPartyId { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>Identifies the passkey in rows and on pages.</summary>
    public string Key => KeyOf(Id);

    public static string KeyOf(byte[] credentialId) => Base64Url.EncodeToString(SHA256.HashData(credentialId));
}

/// <summary>The data that all passkeys of one user share.</summary>
public sealed record PasskeyHolder
{
    public required string Subject { get; init; }

    /// <summary>32 random bytes by which authenticators know the account (WebAuthn §14.6.1). They do not identify the person.</summary>
    public required byte[] UserHandle { get; init; }

    /// <summary>The secret from which the challenge for a new passkey is made. Each answer replaces it.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>
    /// The <see cref="Passkey.Key"/> of each valid passkey. A passkey is added and removed in this list with one conditional write, so that requests
    /// at the same time cannot leave a user with too many passkeys or without any.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}
