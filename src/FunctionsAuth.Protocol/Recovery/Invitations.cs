using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

/// <summary>
/// An account that an operator created for a user, who chooses the password with a link. The link proves that the user reads mail at the address, so
/// the address becomes verified.
/// </summary>
public sealed class Invitations(IUserStore users, TicketOffice tickets, PasswordHashing hashing, SecurityEvents events, AccountMails notices, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <param name="user">A user without a password. The record has the address as its <c>email</c>.</param>
    /// <returns>The text of the ticket, which is a credential and is not stored.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<string> InviteAsync(User user, CancellationToken cancellation)
    {
        var (_, text) = await tickets.IssueAsync(TicketPurpose.Invitation, user.Subject, EmailOf(user)!, Life, cancellation);
        await events.InvitedAsync(user.Subject);
        return text;
    }

    /// <summary>The ticket and its account; null when it is not valid, or not any more.</summary>
    /// <inheritdoc cref="InviteAsync"/>
    public Task<(Ticket Ticket, User User)?> FindAsync(string? text, CancellationToken cancellation) =>
        tickets.FindHolderAsync(users, text, TicketPurpose.Invitation, IsOpen, cancellation);

    /// <param name="password">A password that <see cref="PasswordRules"/> accept.</param>
    /// <param name="whom">The source of the request: see <see cref="PasswordHashing"/>.</param>
    /// <returns>The user as written; null when another request was first.</returns>
    /// <inheritdoc cref="InviteAsync"/>
    public async Task<User?> AcceptAsync(Ticket ticket, User user, string password, string whom, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(user, password, whom, cancellation);
        if (!await tickets.TryUseAsync(ticket, cancellation))
            return null;
        // Another account may have verified the address in the meantime. Then the user signs in with the username.
        var hasAddress = await users.TryAddLoginNameAsync(ticket.Email, user.Subject, cancellation);
        var isAccepted = false;
        var changed = await CompareAndSwap.ChangeAsync(user, Accepted, users.TrySaveAsync, cancellation);
        if (!isAccepted)
        {
            if (hasAddress && changed?.HasLoginName(ticket.Email) != true)
                await users.RemoveLoginNameAsync(ticket.Email, user.Subject, cancellation);
            return null;
        }
        await events.InvitationAcceptedAsync(user.Subject);
        await notices.TellAsync(AccountChange.InvitationAccepted, changed!.AsRecipient());
        return changed;

        User? Accepted(User? current)
        {
            isAccepted = current is not null && IsOpen(current, ticket);
            return isAccepted ? current! with { PasswordHash = hash, Claims = hasAddress ? current.ClaimsWith(ticket.Email) : current.Claims, SessionsValidFrom = clock.GetUtcNow() } : null;
        }
    }

    private static bool IsOpen(User user, Ticket ticket) => user.PasswordHash is null && user.Trusts(ticket.MadeAt) && EmailOf(user) == ticket.Email;

    private static string? EmailOf(User user) => (user.Claims["email"] as JsonValue)?.ToString();
}
