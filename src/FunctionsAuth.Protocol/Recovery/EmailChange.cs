using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>The result of a ticket for an address.</summary>
public enum EmailOutcome
{
    Done,

    /// <summary>The ticket is not valid, or not any more.</summary>
    NotGood,

    /// <summary>The address belongs to another account.</summary>
    Taken,

    /// <summary>The address was changed too often in the last days.</summary>
    TooOften,
}

/// <summary>
/// A new email address, or the verification of the current one. The claims change when the user opens the link in the mail to the new address, in a
/// browser in which the user is signed in. So a person who is tricked into opening the link of somebody else gives nobody the address. The former
/// verified address gets a link that undoes the change.
/// </summary>
public sealed class EmailChange(IUserStore users, TicketOffice tickets, LinkMails mails, RecipientLimit limit, SecurityEvents events, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);
    public static readonly TimeSpan UndoFor = TimeSpan.FromDays(7);

    /// <summary>Each former address can undo changes for a while, so the number of changes is limited.</summary>
    private const int MostUndos = 10;

    /// <summary>Sends the link to the new address. If the address belongs to another account, its owner is told, and the work is the same.</summary>
    /// <param name="address">An address that <see cref="EmailRules"/> accept.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task SendAsync(User user, string address, CancellationToken cancellation)
    {
        var owner = await users.FindOwnerAsync(address, cancellation);
        var isSent = await limit.TryTakeAsync(TicketPurpose.EmailChange, LoginName.Normalize(address), cancellation);
        var isTaken = owner is not null && owner != user.Subject;
        var (_, text) = await tickets.IssueAsync(TicketPurpose.EmailChange, isTaken ? null : user.Subject, address, Life, cancellation);
        if (isTaken)
            await mails.SendIsTakenAsync(address, Life, isSent, cancellation);
        else
            await mails.SendAsync(TicketPurpose.EmailChange, address, text, Life, isSent, cancellation);
    }

    /// <summary>The ticket and its account; null when it is not valid.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) =>
        tickets.FindHolderAsync(users, text, TicketPurpose.EmailChange, (user, ticket) => user.Trusts(ticket.MadeAt), cancellation);

    /// <summary>The address now belongs to the user, who can sign in with it.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. The user must ask for another link.</exception>
    public async Task<EmailOutcome> ConfirmAsync(Ticket ticket, User user, CancellationToken cancellation)
    {
        if (LiveUndos(user).Count >= MostUndos)
            return EmailOutcome.TooOften;
        if (!await tickets.TryUseAsync(ticket, cancellation))
            return EmailOutcome.NotGood;
        // It is inserted only if absent: of two users who want the address at the same time, one gets it.
        if (!await users.TryAddLoginNameAsync(ticket.Email, user.Subject, cancellation))
            return EmailOutcome.Taken;
        var former = user.VerifiedEmail is { } address && !user.HasVerified(ticket.Email) && MailMessage.IsAddress(address) ? address : null;
        var undo = former is null ? default : await tickets.IssueAsync(TicketPurpose.EmailUndo, user.Subject, former, UndoFor, cancellation);
        var isChanged = false;
        var changed = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (!isChanged)
        {
            // The name may have become the user's in another way in the meantime. Then it is kept.
            if (changed?.HasLoginName(ticket.Email) != true)
                await users.RemoveLoginNameAsync(ticket.Email, user.Subject, cancellation);
            return EmailOutcome.NotGood;
        }
        await events.EmailChangedAsync(user.Subject);
        if (former is null)
            return EmailOutcome.Done;
        await users.RetireLoginNameAsync(former, user.Subject, cancellation);
        await mails.SendAsync(TicketPurpose.EmailUndo, former, undo.Text, UndoFor, sends: true, cancellation, user.Locale);
        return EmailOutcome.Done;

        User? Changed(User? current)
        {
            // The former address must still be the one that gets the link.
            isChanged = current is not null && current.Trusts(ticket.MadeAt) && current.VerifiedEmail == user.VerifiedEmail;
            return isChanged
                ? current! with { Claims = current.ClaimsWith(ticket.Email), EmailUndos = former is null ? LiveUndos(current) : [.. LiveUndos(current), undo.Ticket.Address.ToString()] }
                : null;
        }
    }

    private IReadOnlyList<string> LiveUndos(User user) =>
        [.. user.EmailUndos.Where(text => RecordAddress.TryParse(text, out var address) && address.EndsIn + TimeSpan.FromHours(1) > clock.GetUtcNow())];
}
