using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Rules for an email address that a person types.</summary>
public static class EmailRules
{
    /// <returns>A sentence for the person, or null when it may be an address.</returns>
    public static Phrase? ProblemOf(string address)
    {
        if (!MailMessage.IsAddress(address))
            return Phrase.Of($"Write one email address, such as name@example.com.");
        // The address becomes a login name, and Unicode folds some characters together. But the mailbox of ａlice@ is not the mailbox of alice@.
        return NormalForm.Compatible(address) != address || ShownText.HasInvisible(address) || !NormalForm.IsAssigned(address)
            ? Phrase.Of($"Write the address with usual characters: some of these look like other characters.")
            : null;
    }
}
