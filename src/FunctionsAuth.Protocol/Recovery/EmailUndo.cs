using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>
/// Undoes a change of the email address with the link that was sent to the former one, because the change may have been made by somebody who took
/// over the account. The former address is restored, all sessions are signed out, and the password becomes invalid. Later changes cannot be undone
/// any more, so the attacker cannot use a link to get the account back.
/// </summary>
public sealed class EmailUndo(IUserStore users, TicketOffice tickets, SessionEnder ender, SecurityEvents events, AccountMails notices, TimeProvider clock)
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) => tickets.FindHolderAsync(
        users, text, TicketPurpose.EmailUndo, (user, ticket) => user.DeletedAt is null && user.EmailUndos.Contains(ticket.Address.ToString()), cancellation);

    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<EmailOutcome> TakeBackAsync(Ticket ticket, User user, CancellationToken cancellation)
    {
        // The name was retired and not freed, so no other user has it.
        if (!await users.TryAddLoginNameAsync(ticket.Email, user.Subject, cancellation))
            return EmailOutcome.Taken;
        if (!await tickets.TryUseAsync(ticket, cancellation))
            return EmailOutcome.NotGood;
        string? other = null;
        var isChanged = false;
        var changed = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (!isChanged)
            return EmailOutcome.NotGood;
        if (other is not null && !changed!.HasVerified(other))
            await users.RemoveLoginNameAsync(other, user.Subject, cancellation);
        await ender.EndAllAsync(user.Subject, cancellation);
        await events.EmailRestoredAsync(user.Subject);
        await notices.TellAsync(AccountChange.EmailRestored, changed!.AsRecipient() with { Address = ticket.Email });
        return EmailOutcome.Done;

        User? Changed(User? current)
        {
            var at = current is { DeletedAt: null } ? current.EmailUndos.ToList().IndexOf(ticket.Address.ToString()) : -1;
            isChanged = at >= 0;
            if (!isChanged)
                return null;
            other = current!.VerifiedEmail;
            return current.WithPassword(null, clock.GetUtcNow()) with { Claims = current.ClaimsWith(ticket.Email), EmailUndos = [.. current.EmailUndos.Take(at)] };
        }
    }
}
