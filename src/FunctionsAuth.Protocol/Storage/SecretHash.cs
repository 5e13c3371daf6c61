using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>SHA-256 of secrets with at least 128 bits of entropy, compared in constant time.</summary>
public static class SecretHash
{
    public static byte[] Of(ReadOnlySpan<byte> secret) => SHA256.HashData(secret);

    public static bool Matches(ReadOnlySpan<byte> secret, byte[]? hash)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, actual);
        return hash is not null && CryptographicOperations.FixedTimeEquals(actual, hash);
    }
}
