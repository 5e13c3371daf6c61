using System.Globalization;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>What somebody else may have done to an account.</summary>
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

    /// <summary>Somebody signed in with a browser that the account does not know.</summary>
    NewDevice,

    InvitationAccepted,
}

/// <summary>
/// The mails that tell a person what has happened to the account. They go to the verified address, and to nobody who has none. What they tell has
/// happened already: where storage does not take them, the log says so.
/// </summary>
public sealed partial class AccountMails(Mails mails, RequestSource source, ServerUrls urls, ServerOptions options, TimeProvider clock, ILogger<AccountMails> log)
{
    public bool AreOn => mails.AreOn;

    private string Operator => options.ShownOperator();

    /// <param name="address">The verified address of the person; null where there is none.</param>
    /// <param name="username">Of the account.</param>
    /// <param name="byOperator">Whether an administrator did it.</param>
    public async Task TellAsync(AccountChange change, string? address, string username, bool byOperator = false)
    {
        if (!mails.AreOn || !MailMessage.IsAddress(address))
            return;
        try
        {
            // Whoever hangs up has done it all the same.
            await mails.SendAsync(TextOf(change, username, byOperator).To(address!), CancellationToken.None);
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotSent(change, e);
        }
    }

    private MailText TextOf(AccountChange change, string username, bool byOperator)
    {
        var (what, subject) = WordsOf(change);
        return new MailText(
            $"{subject} at {Operator}",
            $"{what}. It concerns the account {username} at {Operator}{(byOperator ? ", and an administrator did it" : "")}.",
            WhenAndWhere(byOperator),
            byOperator ? "If you do not expect that, ask whoever runs this service." : "If it was you, there is nothing to do. If it was not, change your password at once, and look at your devices and at what you sign in with:")
        {
            Link = byOperator ? null : urls.Of($"{Routes.Account}/{AccountRoutes.Security}"),
            Below = byOperator ? [] : ["If you can't sign in any more, choose “Forgot your password?” on the login page."],
        };
    }

    private string WhenAndWhere(bool byOperator)
    {
        var when = clock.GetUtcNow().ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var from = byOperator ? "" : string.Concat(source.Browser is { } browser ? $", with {browser}" : "", source.Country is { } country ? $", from {country}" : "");
        return $"That was on {when}{from}.";
    }

    private static (string What, string Subject) WordsOf(AccountChange change) => change switch
    {
        AccountChange.PasswordChanged => ("The password was changed", "Your password was changed"),
        AccountChange.PasswordReset => ("The password was changed by a link in a mail", "Your password was changed"),
        AccountChange.UsernameChanged => ("The username was changed", "Your username was changed"),
        AccountChange.EmailChanged => ("This is the email address from now on", "This is your email address"),
        AccountChange.EmailRestored => ("This is the email address again", "Your email address is back"),
        AccountChange.SecondFactorAdded => ("An app for codes was set up", "An app for codes was set up"),
        AccountChange.SecondFactorRemoved => ("The app for codes was removed", "The app for codes was removed"),
        AccountChange.RecoveryCodesMade => ("New recovery codes were made", "You have new recovery codes"),
        AccountChange.RecoveryCodeUsed => ("A recovery code was used to sign in", "A recovery code was used"),
        AccountChange.NewDevice => ("Somebody signed in with a browser that is new to the account", "A new browser signed in"),
        AccountChange.InvitationAccepted => ("The invitation was accepted, and the account has a password now", "Your account is ready"),
        AccountChange.PasskeyAdded => ("A passkey was added", "A passkey was added"),
        _ => ("A passkey was removed", "A passkey was removed"),
    };

    [LoggerMessage(3310, LogLevel.Warning, "The mail that tells a person of {Change} was not written")]
    public partial void LogNotSent(AccountChange change, Exception exception);
}
