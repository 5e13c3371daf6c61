using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// An account for whoever reads the mail of an address. The account begins when the person opens the link and chooses a name and a password: nobody
/// makes one with somebody else's address. The owner of an address that is known gets another mail, and the work is the same.
/// </summary>
public sealed class MailedSignUp(IUserStore users, TicketOffice tickets, LinkMails mails, RecipientLimit limit, AccountCreator accounts, ServerOptions options)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private bool IsOn => options is { SelfRegistration: true, SignUp.Email: true };

    /// <param name="address">One that <see cref="EmailRules"/> take.</param>
    /// <param name="request">The authorization request in whose midst the person is.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task SendAsync(string address, string request, CancellationToken cancellation)
    {
        var isTaken = await users.FindOwnerAsync(address, cancellation) is not null;
        var isSent = await limit.TryTakeAsync(TicketPurpose.SignUp, LoginName.Normalize(address), cancellation);
        // A ticket that nobody gets is of no use to anybody.
        var (_, text) = await tickets.IssueAsync(TicketPurpose.SignUp, null, address, Life, cancellation, request);
        if (isTaken)
            await mails.SendHasAccountAsync(address, Life, isSent, cancellation);
        else
            await mails.SendAsync(TicketPurpose.SignUp, address, text, Life, isSent, cancellation);
    }

    /// <summary>Null where the ticket is good for nothing.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<Ticket?> FindAsync(string? text, CancellationToken cancellation) => IsOn ? await tickets.FindAsync(text, TicketPurpose.SignUp, cancellation) : null;

    /// <returns>The account, or else what the person must change; neither where the ticket is good no more.</returns>
    /// <inheritdoc cref="AccountCreator.CreateAsync"/>
    public async Task<(User? User, Phrase? Problem)> CreateAsync(Ticket ticket, NewAccount wish, CancellationToken cancellation)
    {
        if (accounts.ProblemOf(wish) is { } problem)
            return (null, problem);
        // Whoever has to choose another name keeps the link.
        if (await users.FindOwnerAsync(wish.Username, cancellation) is not null)
            return (null, AccountCreator.Taken);
        if (await users.FindOwnerAsync(ticket.Email, cancellation) is not null || !await tickets.TryUseAsync(ticket, cancellation))
            return (null, null);
        return await accounts.CreateAsync(wish with { VerifiedEmail = ticket.Email }, cancellation);
    }
}
