using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>A password that a person typed twice.</summary>
public static class NewPassword
{
    /// <returns>A sentence for the person, or null when it may be the password.</returns>
    public static Phrase? ProblemOf(Parameters form, string username) =>
        form[PageFields.Password] != form[PageFields.PasswordAgain] ? Phrase.Of($"The two passwords are not the same.") : PasswordRules.ProblemOf(form[PageFields.Password] ?? "", username);
}
