using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>The kind of a handle. It is the first byte, so a handle of one kind cannot be used as another.</summary>
public enum HandleKind : byte
{
    AuthorizationCode = 1,
    RefreshToken = 2,
    AccessToken = 3,
}

/// <summary>
/// A code, a refresh token or a reference token: <c>base64url(kind || address || family secret || secret)</c>, 112 characters. The family secret
/// belongs to the grant and never changes. A handle without the right family secret is a forgery and must change nothing. The last part is the secret
/// of the code, or of the current refresh token. Both have 256 bits of entropy, so only their SHA-256 is stored, and a slow hash is not needed.
/// </summary>
public sealed record Handle(HandleKind Kind, RecordAddress Address, byte[] FamilySecret, byte[] Secret)
{
    public const int SecretLength = 32;

    private const int Length = 1 + RecordAddress.Length + (2 * SecretLength);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretLength);

    /// <summary>Both secrets, for a handle without a family, which has only one hash.</summary>
    public byte[] Secrets => [.. FamilySecret, .. Secret];

    public static bool TryParse(string? text, HandleKind kind, [NotNullWhen(true)] out Handle? handle)
    {
        handle = null;
        if (!StrictBase64Url.TryDecode(text, Length, out var bytes) || bytes[0] != (byte)kind)
            return false;
        var rest = bytes.AsSpan(1);
        handle = new Handle(
            kind,
            RecordAddress.FromBytes(rest[..RecordAddress.Length]),
            rest.Slice(RecordAddress.Length, SecretLength).ToArray(),
            rest[(RecordAddress.Length + SecretLength)..].ToArray());
        return true;
    }

    /// <summary>The text of the handle. It is a credential: never log it.</summary>
    public string Encode()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)Kind;
        Address.Bytes.CopyTo(bytes[1..]);
        FamilySecret.CopyTo(bytes[(1 + RecordAddress.Length)..]);
        Secret.CopyTo(bytes[(1 + RecordAddress.Length + SecretLength)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The text has no secrets, so that a handle in a log or an exception reveals nothing.</summary>
    public override string ToString() => $"{Kind} {Address}";
}
