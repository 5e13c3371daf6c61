using System.Buffers.Binary;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Import;

/// <summary>What a user must be. Each problem is a member's path and the rest of a sentence that begins with it.</summary>
internal static partial class UserRules
{
    public static IEnumerable<(string Member, string Problem)> ProblemsOf(ImportedUser user)
    {
        if (UsernameRules.ProblemOf(user.Username) is { } problem)
            yield return ("username", problem);
        if (user.Password is not null && user.PasswordHash is not null)
            yield return ("password", "can't stand beside password_hash");
        if (user.Password is { Length: < PasswordRules.MinLength })
            yield return ("password", $"must have at least {PasswordRules.MinLength} characters");
        if (user.PasswordHash is not null && !IsPasswordHash(user.PasswordHash))
            yield return ("password_hash", "must be a hash as ASP.NET Core Identity's PasswordHasher writes it");
        if (user.Subject is not null && !Subject().IsMatch(user.Subject))
            yield return ("subject", "must be 1 to 100 letters, digits, hyphens or underscores and not begin with decoy-");
    }

    /// <summary>
    /// The two forms of PasswordHasher: 0x00, salt, subkey; and 0x01, algorithm, iterations, length of the salt, salt, subkey.
    /// </summary>
    private static bool IsPasswordHash(string text)
    {
        const int salt = 16;
        const int header = 13;
        const uint mostIterations = 10_000_000;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length == 0)
            return false;
        var hash = bytes.AsSpan(0, length);
        if (hash[0] == 0)
            return length == 1 + salt + 32;
        if (hash[0] != 1 || length < header)
            return false;
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(hash[5..]);
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(hash[9..]);
        return BinaryPrimitives.ReadUInt32BigEndian(hash[1..]) <= 2
            && iterations is > 0 and <= mostIterations
            && saltLength >= salt && length >= header + salt + saltLength;
    }

    [GeneratedRegex(@"^(?!decoy-)[A-Za-z0-9_-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subject();
}
