using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>
/// Sends the link for a new password, only to the verified address of the account. The work is the same for an unknown name, for an account without
/// such an address, and when the limit is reached.
/// </summary>
public sealed class PasswordResetRequest(IUserStore users, Decoy decoys, TicketOffice tickets, LinkMails mails, RecipientLimit limit)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(20);

    /// <param name="name">The username or the address, as it was typed.</param>
    /// <param name="request">The authorization request to which the user returns afterwards; null without one.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task SendAsync(string name, string? request, CancellationToken cancellation)
    {
        var typed = name.Length <= MailMessage.LongestAddress ? name : "";
        var subject = await users.FindSubjectAsync(typed, cancellation);
        var decoy = decoys.Of(typed);
        var user = await users.FindAsync(subject ?? decoy.Subject, cancellation);
        var address = user is { Disabled: false, DeletedAt: null, VerifiedEmail: { } verified } && MailMessage.IsAddress(verified) ? verified : null;
        // One account has one limit, whatever name is used for it.
        var isAllowed = await limit.TryTakeAsync(TicketPurpose.PasswordReset, subject ?? decoy.Subject, cancellation);
        var isSent = address is not null && isAllowed;
        // A ticket that is not sent to anybody is harmless.
        var (_, text) = await tickets.IssueAsync(TicketPurpose.PasswordReset, isSent ? subject : null, address ?? "", Life, cancellation, request);
        await mails.SendAsync(TicketPurpose.PasswordReset, address ?? typed, text, Life, isSent, cancellation, user?.Locale);
    }
}
