using System.Security.Cryptography;
using System.Text;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>PBKDF2 (RFC 8018 §5.2), with HMAC and the function that its writer chose.</summary>
internal sealed class Pbkdf2Hash(HashAlgorithmName function, int iterations, byte[] salt, byte[] subkey) : IPasswordHash
{
    /// <summary>More would keep a processor busy for several seconds.</summary>
    public const int MostIterations = 5_000_000;

    private static readonly Weight Sha1Weight = WeightOf(HashAlgorithmName.SHA1);
    private static readonly Weight Sha256Weight = WeightOf(HashAlgorithmName.SHA256);

    public HashAlgorithmName Function => function;

    public int Iterations => iterations;

    // SHA-512 is the measure of all costs, so it needs no measurement.
    public double Cost => iterations * (function == HashAlgorithmName.SHA512 ? 1 : (function == HashAlgorithmName.SHA256 ? Sha256Weight : Sha1Weight).Value);

    public bool TakesMemory => false;

    public bool Matches(string password)
    {
        // Each block of the subkey is computed on its own and costs all iterations. The first one proves the password, and attackers compute no more.
        var block = subkey.AsSpan(0, Math.Min(subkey.Length, BlockLength(function)));
        Span<byte> computed = stackalloc byte[block.Length];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, computed, iterations, function);
        return CryptographicOperations.FixedTimeEquals(computed, block);
    }

    private static Weight WeightOf(HashAlgorithmName function)
    {
        const int some = 2000;
        return new Weight(some, () => Rfc2898DeriveBytes.Pbkdf2("password", new byte[16], some, function, BlockLength(function)));
    }

    private static int BlockLength(HashAlgorithmName function) =>
        function == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : function == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA1.HashSizeInBytes;
}
