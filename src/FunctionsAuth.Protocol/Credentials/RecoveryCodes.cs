using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// The codes with which a person signs in when the app with the other codes is lost: 10 of 16 letters, which are 69 bits each. A fast
/// hash of them is enough, as it is another one for each person. No vowels: no code is a word, and no letter is taken for a digit.
/// </summary>
public static class RecoveryCodes
{
    public const int Count = 10;

    /// <summary>With so few left the person is told.</summary>
    public const int Few = 3;

    private const string Letters = "bcdfghjklmnpqrstvwxz";
    private const int Length = 16;
    private const int GroupLength = 4;

    /// <summary>New codes as the person reads them, such as <c>bcdf-ghjk-lmnp-qrst</c>.</summary>
    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(GroupLength).Select(group => new string(group))))];

    /// <summary>What is stored of a code.</summary>
    /// <param name="subject">Whose code it is.</param>
    /// <param name="typed">In any case, with any spaces and hyphens.</param>
    /// <returns>Null for a text that is no such code.</returns>
    public static byte[]? HashOf(string subject, string typed)
    {
        var code = string.Concat(typed.Where(c => c != '-' && !char.IsWhiteSpace(c))).ToLowerInvariant();
        return code.Length == Length && code.All(Letters.Contains) ? SecretHash.Of(Encoding.UTF8.GetBytes($"{code}/{subject}")) : null;
    }

    /// <returns>The codes that are left; null where it is none of them.</returns>
    public static IReadOnlyList<byte[]>? Without(this IReadOnlyList<byte[]> codes, byte[] hash)
    {
        List<byte[]> left = [.. codes.Where(code => !CryptographicOperations.FixedTimeEquals(code, hash))];
        return left.Count < codes.Count ? left : null;
    }
}
