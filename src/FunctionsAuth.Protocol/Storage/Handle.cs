using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>What a handle is for: it is its first byte, so one kind can never be presented as another.</summary>
public enum HandleKind : byte
{
    AuthorizationCode = 1,
    RefreshToken = 2,
    AccessToken = 3,
}

/// <summary>
/// A code, a refresh token or a reference token: <c>base64url(kind || address || family secret || secret)</c>, 112 characters.
/// The family secret is the grant's own and never changes: without it a handle is a forgery and must change nothing.
/// The last part is the code's, or the current refresh token's. Both have 256 bits of entropy, so only their SHA-256 is
/// stored and a slow hash would add nothing.
/// </summary>
public sealed record Handle(HandleKind Kind, RecordAddress Address, byte[] FamilySecret, byte[] Secret)
{
    public const int SecretLength = 32;

    private const int Length = 1 + RecordAddress.Length + (2 * SecretLength);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretLength);

    /// <summary>Both secrets, for a handle without a family: it has one hash.</summary>
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

    /// <summary>The handle as the client holds it. It is a credential: never log it.</summary>
    public string Encode()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)Kind;
        Address.Bytes.CopyTo(bytes[1..]);
        FamilySecret.CopyTo(bytes[(1 + RecordAddress.Length)..]);
        Secret.CopyTo(bytes[(1 + RecordAddress.Length + SecretLength)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Without its secrets, so that a handle in a log line or an exception gives nothing away.</summary>
    public override string ToString() => $"{Kind} {Address}";
}
