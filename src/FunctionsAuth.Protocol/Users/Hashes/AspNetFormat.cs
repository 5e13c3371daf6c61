using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// What ASP.NET Core Identity's PasswordHasher writes, also for this server: base64 of 0x00, salt and subkey (version 2), or of 0x01,
/// function, iterations, length of the salt, salt and subkey (version 3).
/// </summary>
internal sealed class AspNetFormat : IHashFormat
{
    public const int SaltLength = 16;
    public const int SubkeyLength = 32;

    // 0x01, function, iterations, length of the salt.
    private const int HeaderLength = 13;

    private static readonly HashAlgorithmName[] Functions = [HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];
    /// <summary>The result for an invalid text, and for a text that begins like none of the formats.</summary>
    public static HashReading Unreadable { get; } = HashReading.Wrong(
        "must be a hash as ASP.NET Core Identity's PasswordHasher writes it, or begin with $2a$, $2b$, $2y$, $argon2id$, $pbkdf2$, $pbkdf2-sha256$ or $pbkdf2-sha512$");

    public bool Begins(string text) => !text.StartsWith('$');

    public HashReading Read(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length == 0)
            return Unreadable;
        var content = bytes.AsSpan(0, length);
        return content[0] switch
        {
            // Version 2 has no parameters.
            0 when length == 1 + SaltLength + SubkeyLength =>
                new HashReading(new Pbkdf2Hash(HashAlgorithmName.SHA1, 1000, content.Slice(1, SaltLength).ToArray(), content[(1 + SaltLength)..].ToArray()), null),
            1 when length > HeaderLength => ReadVersion3(content),
            _ => Unreadable,
        };
    }

    private static HashReading ReadVersion3(ReadOnlySpan<byte> content)
    {
        var function = BinaryPrimitives.ReadUInt32BigEndian(content[1..]);
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(content[5..]);
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(content[9..]);
        var subkeyLength = content.Length - HeaderLength - saltLength;
        if (function >= Functions.Length || saltLength is < SaltLength or > PhcString.MaxLength || subkeyLength is < PhcString.MinHashLength or > PhcString.MaxLength)
            return Unreadable;
        if (iterations is 0 or > Pbkdf2Hash.MostIterations)
            return HashReading.Wrong($"must have 1 to {Pbkdf2Hash.MostIterations} iterations");
        var salt = content.Slice(HeaderLength, (int)saltLength);
        return new HashReading(new Pbkdf2Hash(Functions[function], (int)iterations, salt.ToArray(), content[(HeaderLength + salt.Length)..].ToArray()), null);
    }

    /// <summary>Version 3 with what <paramref name="fill"/> writes as salt and subkey.</summary>
    public static string Write(int iterations, Action<Span<byte>> fill)
    {
        var bytes = new byte[HeaderLength + SaltLength + SubkeyLength];
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Array.IndexOf(Functions, HashAlgorithmName.SHA512));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), SaltLength);
        fill(bytes.AsSpan(HeaderLength));
        return Convert.ToBase64String(bytes);
    }
}
