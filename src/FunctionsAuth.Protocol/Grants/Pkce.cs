using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>Proof Key for Code Exchange, RFC 7636, with S256 only.</summary>
public static class Pkce
{
    public const string S256 = "S256";

    private const int ChallengeLength = 43;

    public static bool IsChallenge(string challenge) => challenge.Length == ChallengeLength && challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>RFC 7636 §4.1: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(string verifier) =>
        verifier.Length is >= 43 and <= 128 && verifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    public static bool Matches(string verifier, string challenge) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ChallengeOf(verifier)), Encoding.ASCII.GetBytes(challenge));

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
