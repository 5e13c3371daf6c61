using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>What an email address must be that a person types.</summary>
public static class EmailRules
{
    /// <returns>A sentence for the person, or null when it may be an address.</returns>
    public static Phrase? ProblemOf(string address)
    {
        if (!MailMessage.IsAddress(address))
            return Phrase.Of($"Write one email address, such as name@example.com.");
        // It becomes a login name, and those that Unicode folds together are one name: whoever reads the mail of ａlice@ is not alice@.
        return NormalForm.Compatible(address) != address || ShownText.HasInvisible(address) || !NormalForm.IsAssigned(address)
            ? Phrase.Of($"Write the address with usual characters: some of these look like other characters.")
            : null;
    }
}
