namespace FunctionsAuth.Protocol.Users;

/// <summary>What a username must be.</summary>
public static class UsernameRules
{
    /// <returns>The rest of a sentence that begins with the name of the field, or null when it may be a username.</returns>
    public static string? ProblemOf(string username) =>
        username.Length is 0 or > LoginName.MaxLength || username.Trim() != username || username.Any(char.IsControl)
            ? $"must be 1 to {LoginName.MaxLength} characters, without white space around it and without control characters"
            : null;
}

/// <summary>What a password must be.</summary>
public static class PasswordRules
{
    /// <summary>In characters.</summary>
    public const int MinLength = 12;
}
