using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// The codes with which a user signs in when the authenticator app is lost: 10 codes of 16 letters with 69 bits each. A fast hash is enough, because
/// each user has a different one. There are no vowels, so that no code is a word and no letter looks like a digit.
/// </summary>
public static class RecoveryCodes
{
    public const int Count = 10;

    /// <summary>The user is told when only this many codes are left.</summary>
    public const int Few = 3;

    private const string Letters = "bcdfghjklmnpqrstvwxz";
    private const int Length = 16;
    private const int GroupLength = 4;

    /// <summary>New codes in the form for the user, such as <c>bcdf-ghjk-lmnp-qrst</c>.</summary>
    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(GroupLength).Select(group => new string(group))))];

    /// <summary>The stored form of a code.</summary>
    /// <param name="subject">Whose code it is.</param>
    /// <param name="typed">The code in upper or lower case, with any spaces and hyphens.</param>
    /// <returns>Null for a text that is not a code.</returns>
    public static byte[]? HashOf(string subject, string typed)
    {
        var code = string.Concat(typed.Where(c => c != '-' && !char.IsWhiteSpace(c))).ToLowerInvariant();
        return code.Length == Length && code.All(Letters.Contains) ? SecretHash.Of(Encoding.UTF8.GetBytes($"{code}/{subject}")) : null;
    }

    /// <returns>The remaining codes; null if the text is not one of the codes.</returns>
    public static IReadOnlyList<byte[]>? Without(this IReadOnlyList<byte[]> codes, byte[] hash)
    {
        List<byte[]> left = [.. codes.Where(code => !CryptographicOperations.FixedTimeEquals(code, hash))];
        return left.Count < codes.Count ? left : null;
    }
}
