using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users;

/// <summary>A password hash as ASP.NET Core Identity's PasswordHasher writes it: PBKDF2, with the function and the iterations that its writer chose.</summary>
public readonly record struct StoredHash(HashAlgorithmName Function, int Iterations)
{
    /// <summary>What a hash of this server costs: OWASP's figure for PBKDF2-HMAC-SHA512.</summary>
    public const int UsualIterations = 210_000;

    private const int SaltLength = 16;
    private const int SubkeyLength = 32;

    // 0x01, function, iterations, length of the salt.
    private const int HeaderLength = 13;

    private static readonly HashAlgorithmName[] Functions = [HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];

    private static readonly Lazy<double[]> Weights = new(Measure);

    /// <summary>The two forms: 0x00, salt, subkey; and 0x01, function, iterations, length of the salt, salt, subkey.</summary>
    public static bool TryParse(string text, out StoredHash hash)
    {
        hash = default;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length == 0)
            return false;
        var content = bytes.AsSpan(0, length);
        if (content[0] == 0)
        {
            hash = new StoredHash(HashAlgorithmName.SHA1, 1000);
            return length == 1 + SaltLength + SubkeyLength;
        }
        if (content[0] != 1 || length < HeaderLength)
            return false;
        var function = BinaryPrimitives.ReadUInt32BigEndian(content[1..]);
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(content[5..]);
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(content[9..]);
        if (function >= Functions.Length || iterations is 0 or > int.MaxValue || saltLength < SaltLength || length < HeaderLength + SaltLength + saltLength)
            return false;
        hash = new StoredHash(Functions[function], (int)iterations);
        return true;
    }

    /// <summary>A hash that costs what a user's does and that no password has: nothing was hashed for it.</summary>
    public static string OfNobody()
    {
        var bytes = new byte[HeaderLength + SaltLength + SubkeyLength];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 2);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), UsualIterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), SaltLength);
        RandomNumberGenerator.Fill(bytes.AsSpan(HeaderLength));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>What verifying it costs, in iterations of PBKDF2-HMAC-SHA512 on this machine.</summary>
    public double Cost => Iterations * Weights.Value[Array.IndexOf(Functions, Function)];

    /// <summary>Iterations of PBKDF2-HMAC-SHA512 that a verification lacks, compared with one of this server's own hashes.</summary>
    public int Padding => (int)Math.Max(0, Math.Round(UsualIterations - Cost));

    /// <summary>How much an iteration of each function costs, as processors compute some of them in hardware.</summary>
    private static double[] Measure()
    {
        var times = Functions.Select(TimeOf).ToArray();
        return [.. times.Select(time => time / times[^1])];
    }

    private static double TimeOf(HashAlgorithmName function)
    {
        const int tries = 3;
        const int iterations = 2000;
        // The least of several: whatever else the machine does makes it only longer.
        return Enumerable.Range(0, tries).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            Rfc2898DeriveBytes.Pbkdf2("password", new byte[SaltLength], iterations, function, SubkeyLength);
            return Math.Max(Stopwatch.GetTimestamp() - start, 1d);
        });
    }
}
