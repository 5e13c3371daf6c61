using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Rules for users. Each problem is the path of a member and the rest of a sentence that begins with it.</summary>
internal static class UserRules
{
    private const int LongestSubject = 100;

    public static IEnumerable<(string Member, string Problem)> ProblemsOf(ImportedUser user)
    {
        if (UsernameRules.ProblemOf(user.Username) is { } problem)
            yield return ("username", problem.ToString());
        if (user.Password is not null && user.PasswordHash is not null)
            yield return ("password", "can't be used together with password_hash");
        if (user.Password is { Length: < PasswordRules.MinLength })
            yield return ("password", $"must have at least {PasswordRules.MinLength} characters");
        if (user.PasswordHash is not null && StoredHash.ProblemOf(user.PasswordHash) is { } hashProblem)
            yield return ("password_hash", hashProblem);
        if (user.Subject is not null && !IsSubject(user.Subject))
            yield return ("subject", "must be 1 to 100 letters, digits, hyphens or underscores and not begin with decoy-");
        foreach (var (member, groupProblem) in GroupRules.MembershipProblems(user.Groups ?? []))
            yield return (member, groupProblem);
    }

    private static bool IsSubject(string text) =>
        NameText.IsMadeOf(text, LongestSubject, c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && !text.StartsWith("decoy-", StringComparison.Ordinal);
}
