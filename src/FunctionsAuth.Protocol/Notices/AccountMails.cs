using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>Changes to an account that somebody else may have made.</summary>
public enum AccountChange
{
    PasswordChanged,
    PasswordReset,
    UsernameChanged,
    EmailChanged,
    EmailRestored,
    SecondFactorAdded,
    SecondFactorRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,

    /// <summary>Somebody signed in with a browser that is new to the account.</summary>
    NewDevice,

    InvitationAccepted,
}

/// <summary>A recipient of mail.</summary>
/// <param name="Address">The verified address; null if there is none.</param>
/// <param name="Locale">The language that the user chose; null for none.</param>
public sealed record MailRecipient(string? Address, string Username, string? Locale);

/// <summary>
/// Mails that tell a user about changes to the account. They go to the verified address only. The change has already happened. If storage does not
/// accept the mail, this is logged.
/// </summary>
public sealed partial class AccountMails(Mails mails, RequestLanguage language, RequestSource source, ServerUrls urls, ServerOptions options, TimeProvider clock, ILogger<AccountMails> log)
{
    public bool AreOn => mails.AreOn;

    private string Operator => options.ShownOperator();

    /// <param name="recipient">The user of the account.</param>
    /// <param name="byOperator">Whether an administrator made the change.</param>
    public async Task TellAsync(AccountChange change, MailRecipient recipient, bool byOperator = false)
    {
        if (!mails.AreOn || !MailMessage.IsAddress(recipient.Address))
            return;
        try
        {
            var own = language.For(recipient.Locale);
            // The change is complete even if the client closed the connection.
            await mails.SendAsync(TextOf(change, recipient.Username, byOperator, own).To(recipient.Address!, own, options), CancellationToken.None);
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotSent(change, e);
        }
    }

    private MailText TextOf(AccountChange change, string username, bool byOperator, Language own)
    {
        var (what, subject) = WordsOf(change);
        return new MailText(
            Phrase.Of($"{subject} – {Operator}"),
            byOperator
                ? Phrase.Of($"{what} An administrator did it. It concerns the account {username} at {Operator}.")
                : Phrase.Of($"{what} It concerns the account {username} at {Operator}."),
            WhenAndWhere(byOperator, own),
            byOperator
                ? Phrase.Of($"If you do not expect that, ask whoever runs this service.")
                : Phrase.Of($"If it was you, there is nothing to do. If it was not, change your password at once, and look at your devices and at what you sign in with:"))
        {
            Link = byOperator ? null : urls.Of($"{Routes.Account}/{AccountRoutes.Security}"),
            Below = byOperator ? [] : [Phrase.Of($"If you can't sign in any more, choose “Forgot your password?” on the login page.")],
        };
    }

    private Phrase WhenAndWhere(bool byOperator, Language own)
    {
        var when = clock.GetUtcNow();
        return (byOperator || source.Browser is null ? null : own.Browser(source.Browser), byOperator || source.Country is null ? null : own.Country(source.Country)) switch
        {
            ({ } browser, { } country) => Phrase.Of($"When: {when}. With: {browser}. From: {country}."),
            ({ } browser, null) => Phrase.Of($"When: {when}. With: {browser}."),
            (null, { } country) => Phrase.Of($"When: {when}. From: {country}."),
            _ => Phrase.Of($"When: {when}."),
        };
    }

    private static (Phrase What, Phrase Subject) WordsOf(AccountChange change) => change switch
    {
        AccountChange.PasswordChanged => (Phrase.Of($"The password was changed."), Phrase.Of($"Your password was changed")),
        AccountChange.PasswordReset => (Phrase.Of($"The password was changed by a link in a mail."), Phrase.Of($"Your password was changed")),
        AccountChange.UsernameChanged => (Phrase.Of($"The username was changed."), Phrase.Of($"Your username was changed")),
        AccountChange.EmailChanged => (Phrase.Of($"This is the email address from now on."), Phrase.Of($"This is your email address")),
        AccountChange.EmailRestored => (Phrase.Of($"This is the email address again."), Phrase.Of($"Your email address is back")),
        AccountChange.SecondFactorAdded => (Phrase.Of($"An app for codes was set up."), Phrase.Of($"An app for codes was set up")),
        AccountChange.SecondFactorRemoved => (Phrase.Of($"The app for codes was removed."), Phrase.Of($"The app for codes was removed")),
        AccountChange.RecoveryCodesMade => (Phrase.Of($"New recovery codes were made."), Phrase.Of($"You have new recovery codes")),
        AccountChange.RecoveryCodeUsed => (Phrase.Of($"A recovery code was used to sign in."), Phrase.Of($"A recovery code was used")),
        AccountChange.NewDevice => (Phrase.Of($"Somebody signed in with a browser that is new to the account."), Phrase.Of($"A new browser signed in")),
        AccountChange.InvitationAccepted => (Phrase.Of($"The invitation was accepted, and the account has a password now."), Phrase.Of($"Your account is ready")),
        AccountChange.PasskeyAdded => (Phrase.Of($"A passkey was added."), Phrase.Of($"A passkey was added")),
        _ => (Phrase.Of($"A passkey was removed."), Phrase.Of($"A passkey was removed")),
    };

    [LoggerMessage(3310, LogLevel.Warning, "The mail that tells a person of {Change} was not written")]
    public partial void LogNotSent(AccountChange change, Exception exception);
}
