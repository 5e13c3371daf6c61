using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Rules for usernames.</summary>
public static class UsernameRules
{
    /// <returns>The rest of a sentence that begins with the name of the field, or null when the username is allowed.</returns>
    public static Phrase? ProblemOf(string username)
    {
        if (username.Length is 0 or > LoginName.MaxLength || username.Trim() != username)
            return Phrase.Of($"must be 1 to {LoginName.MaxLength} characters, without white space around it");
        // Another name could look the same, or become the same with a later version of Unicode.
        return ShownText.HasInvisible(username) || !NormalForm.IsAssigned(username) ? Phrase.Of($"must have no invisible characters and no characters that are not in Unicode") : null;
    }

    /// <summary>
    /// The rules for a username that a user chooses. An email address is refused, because others would take the user for its owner, and the ownership
    /// is not proven.
    /// </summary>
    public static Phrase? ProblemOfChosen(string username) =>
        ProblemOf(username) ?? (NormalForm.Compatible(username).Contains('@', StringComparison.Ordinal) ? Phrase.Of($"must not be an email address") : null);
}
