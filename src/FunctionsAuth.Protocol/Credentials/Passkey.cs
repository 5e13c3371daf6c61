using System.Buffers.Text;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>A public key credential of a person (WebAuthn Level 3 §4).</summary>
public sealed record Passkey
{
    public const int MostOfOnePerson = 20;

    public required string Subject { get; init; }

    /// <summary>The credential id: at most 1023 bytes, chosen by the authenticator.</summary>
    public required byte[] Id { get; init; }

    /// <summary>As the authenticator wrote it (COSE, RFC 9052 §7).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>How often the authenticator has signed, as it says; most synced passkeys say 0 each time.</summary>
    public required uint SignCount { get; init; }

    /// <summary>It may stand on several devices of the person: WebAuthn calls it backup eligible. It never changes.</summary>
    public required bool IsSynced { get; init; }

    /// <summary>How the browser reaches the authenticator, such as <c>usb</c>.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>What the person calls it.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Written once a day at most where the authenticator does not count.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The RP ID for which it was made: with another one it signs nobody in.</summary>
    public required string RelyingPartyId { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>Names it in rows and on pages.</summary>
    public string Key => KeyOf(Id);

    public static string KeyOf(byte[] credentialId) => Base64Url.EncodeToString(SHA256.HashData(credentialId));
}

/// <summary>What all passkeys of one person have in common.</summary>
public sealed record PasskeyHolder
{
    public required string Subject { get; init; }

    /// <summary>32 random bytes by which authenticators know the account (WebAuthn §14.6.1): they say nothing of the person.</summary>
    public required byte[] UserHandle { get; init; }

    /// <summary>What the challenge for a new passkey is made of; each answer puts another one in its place.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>
    /// The <see cref="Passkey.Key"/> of each passkey that counts. A passkey is added and removed by this list, in one conditional write, so that
    /// no two requests at once leave a person with too many of them or without any.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}
