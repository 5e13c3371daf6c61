using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>What came of a ticket for an address.</summary>
public enum EmailOutcome
{
    Done,

    /// <summary>The ticket is good for nothing, or not any more.</summary>
    NotGood,

    /// <summary>Somebody else has the address.</summary>
    Taken,

    /// <summary>The address was changed too often in the last days.</summary>
    TooOften,
}

/// <summary>
/// Another email address, or the same one verified. The claims change when the person opens the link that goes to the new address, in a browser in
/// which the person is signed in: whoever is made to open somebody else's link gives nobody the address. The former verified address gets a link
/// that takes the change back.
/// </summary>
public sealed class EmailChange(IUserStore users, TicketOffice tickets, LinkMails mails, RecipientLimit limit, SecurityEvents events, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);
    public static readonly TimeSpan UndoFor = TimeSpan.FromDays(7);

    /// <summary>Each former address can take changes back for a while, so there is an end to it.</summary>
    private const int MostUndos = 10;

    /// <summary>Sends the link to the new address. If it is somebody else's, its owner is told; the work is the same.</summary>
    /// <param name="address">One that <see cref="EmailRules"/> take.</param>
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

    /// <summary>The ticket, and whose account it is; null where it is good for nothing.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) =>
        tickets.FindHolderAsync(users, text, TicketPurpose.EmailChange, (user, ticket) => user.Trusts(ticket.MadeAt), cancellation);

    /// <summary>The address is the person's, who signs in by it from now on.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. The person asks for another link.</exception>
    public async Task<EmailOutcome> ConfirmAsync(Ticket ticket, User user, CancellationToken cancellation)
    {
        if (LiveUndos(user).Count >= MostUndos)
            return EmailOutcome.TooOften;
        if (!await tickets.TryUseAsync(ticket, cancellation))
            return EmailOutcome.NotGood;
        // Inserted if absent: of two people who want it at once one gets it.
        if (!await users.TryAddLoginNameAsync(ticket.Email, user.Subject, cancellation))
            return EmailOutcome.Taken;
        var former = user.VerifiedEmail is { } address && !user.HasVerified(ticket.Email) && MailMessage.IsAddress(address) ? address : null;
        var undo = former is null ? default : await tickets.IssueAsync(TicketPurpose.EmailUndo, user.Subject, former, UndoFor, cancellation);
        var isChanged = false;
        var changed = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (!isChanged)
        {
            // The name may have become the person's otherwise meanwhile: then it stays.
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
