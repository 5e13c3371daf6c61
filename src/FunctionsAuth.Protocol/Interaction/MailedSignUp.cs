using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// Sign-up by mail. The account is created when the person opens the link and chooses a name and a password, so nobody can create one with the
/// address of somebody else. If the address already belongs to an account, its owner gets another mail, with the same work for the server.
/// </summary>
public sealed class MailedSignUp(IUserStore users, TicketOffice tickets, LinkMails mails, RecipientLimit limit, AccountCreator accounts, ServerOptions options)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private bool IsOn => options is { SelfRegistration: true, SignUp.Email: true };

    /// <param name="address">An address that <see cref="EmailRules"/> accept.</param>
    /// <param name="request">The authorization request during which the person signs up.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task SendAsync(string address, string request, CancellationToken cancellation)
    {
        var isTaken = await users.FindOwnerAsync(address, cancellation) is not null;
        var isSent = await limit.TryTakeAsync(TicketPurpose.SignUp, LoginName.Normalize(address), cancellation);
        // A ticket that is not sent to anybody is harmless.
        var (_, text) = await tickets.IssueAsync(TicketPurpose.SignUp, null, address, Life, cancellation, request);
        if (isTaken)
            await mails.SendHasAccountAsync(address, Life, isSent, cancellation);
        else
            await mails.SendAsync(TicketPurpose.SignUp, address, text, Life, isSent, cancellation);
    }

    /// <summary>Null when the ticket is not valid.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<Ticket?> FindAsync(string? text, CancellationToken cancellation) => IsOn ? await tickets.FindAsync(text, TicketPurpose.SignUp, cancellation) : null;

    /// <returns>The account, or the problem that the person must correct. Both are null when the ticket is no longer valid.</returns>
    /// <inheritdoc cref="AccountCreator.CreateAsync"/>
    public async Task<(User? User, Phrase? Problem)> CreateAsync(Ticket ticket, NewAccount wish, CancellationToken cancellation)
    {
        if (accounts.ProblemOf(wish) is { } problem)
            return (null, problem);
        // A person who has to choose another name can still use the link.
        if (await users.FindOwnerAsync(wish.Username, cancellation) is not null)
            return (null, AccountCreator.Taken);
        if (await users.FindOwnerAsync(ticket.Email, cancellation) is not null || !await tickets.TryUseAsync(ticket, cancellation))
            return (null, null);
        return await accounts.CreateAsync(wish with { VerifiedEmail = ticket.Email }, cancellation);
    }
}
