using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>
/// Sets another password with a link from a mail. It does not sign the user in, and a second factor is required at the next login. All earlier
/// sessions, codes and tokens become invalid.
/// </summary>
public sealed class PasswordReset(IUserStore users, TicketOffice tickets, PasswordHashing hashing, SessionEnder ender, SecurityEvents events, AccountMails notices, TimeProvider clock)
{
    /// <returns>The user whose password the ticket can change; null when it is not valid, or not any more.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) =>
        tickets.FindHolderAsync(users, text, TicketPurpose.PasswordReset, MayChange, cancellation);

    /// <param name="password">A password that <see cref="PasswordRules"/> accept.</param>
    /// <param name="whom">The source of the request: see <see cref="PasswordHashing"/>.</param>
    /// <returns>The user as written; null when another request was first.</returns>
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

    /// <summary>The address may have changed since, or the user may have signed out everywhere because somebody else reads the mail.</summary>
    private static bool MayChange(User user, Ticket ticket) => user.Trusts(ticket.MadeAt) && user.HasVerified(ticket.Email);
}
