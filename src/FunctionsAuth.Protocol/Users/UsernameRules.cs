using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>What a username must be.</summary>
public static class UsernameRules
{
    /// <returns>The rest of a sentence that begins with the name of the field, or null when it may be a username.</returns>
    public static Phrase? ProblemOf(string username)
    {
        if (username.Length is 0 or > LoginName.MaxLength || username.Trim() != username)
            return Phrase.Of($"must be 1 to {LoginName.MaxLength} characters, without white space around it");
        // Another name could look the same, or become the same one with a later version of Unicode.
        return ShownText.HasInvisible(username) || !NormalForm.IsAssigned(username) ? Phrase.Of($"must have no invisible characters and no characters that are not in Unicode") : null;
    }

    /// <summary>
    /// The same for a name that a person chooses: an email address would pass for its owner's, and nobody has proven whose it is.
    /// </summary>
    public static Phrase? ProblemOfChosen(string username) =>
        ProblemOf(username) ?? (NormalForm.Compatible(username).Contains('@', StringComparison.Ordinal) ? Phrase.Of($"must not be an email address") : null);
}
