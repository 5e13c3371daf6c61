using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Recovery;

internal static class TicketHolder
{
    /// <summary>The ticket from a link, and its account.</summary>
    /// <param name="isGood">Whether the account is still in the state for which the ticket was made.</param>
    /// <returns>Null when it is not valid, or not any more.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public static async Task<(Ticket Ticket, User User)?> FindHolderAsync(
        this TicketOffice tickets, IUserStore users, string? text, TicketPurpose purpose, Func<User, Ticket, bool> isGood, CancellationToken cancellation) =>
        await tickets.FindAsync(text, purpose, cancellation) is { Subject: { } subject } ticket && await users.FindAsync(subject, cancellation) is { } user && isGood(user, ticket)
            ? (ticket, user)
            : null;
}
