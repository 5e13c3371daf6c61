using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>
/// Another password, by a link in a mail. It signs nobody in: whoever has a second factor is asked for it at the next login. Every session, code and
/// token of before is dead.
/// </summary>
public sealed class PasswordReset(IUserStore users, TicketOffice tickets, PasswordHashing hashing, SessionEnder ender, SecurityEvents events, AccountMails notices, TimeProvider clock)
{
    /// <returns>Whose password the ticket may change; null where it is good for nothing, or not any more.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) =>
        tickets.FindHolderAsync(users, text, TicketPurpose.PasswordReset, MayChange, cancellation);

    /// <param name="password">One that <see cref="PasswordRules"/> take.</param>
    /// <param name="whom">Who sends the request: see <see cref="PasswordHashing"/>.</param>
    /// <returns>The user as written; null where somebody else was first.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<User?> ChangeAsync(Ticket ticket, User user, string password, string whom, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(user, password, whom, cancellation);
        if (!await tickets.TryUseAsync(ticket, cancellation))
            return null;
        var isChanged = false;
        var changed = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (!isChanged)
            return null;
        await ender.EndAllAsync(user.Subject, cancellation);
        await events.PasswordResetAsync(user.Subject);
        await notices.TellAsync(AccountChange.PasswordReset, changed!.AsRecipient());
        return changed;

        User? Changed(User? current)
        {
            isChanged = current is not null && MayChange(current, ticket);
            return isChanged ? current!.WithPassword(hash, clock.GetUtcNow()) with { PasswordSetByMail = true } : null;
        }
    }

    /// <summary>The address may be another one since, or the person may have signed out everywhere because somebody else reads the mail.</summary>
    private static bool MayChange(User user, Ticket ticket) => user.Trusts(ticket.MadeAt) && user.HasVerified(ticket.Email);
}
