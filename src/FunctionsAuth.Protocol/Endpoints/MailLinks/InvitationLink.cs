using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The link to set the first password of an account that an operator created.</summary>
public sealed class InvitationLink(Invitations invitations, HashLimit limit, OwnPages own, IPages pages) : MailLinkView(TicketPurpose.Invitation, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await invitations.FindAsync(visit.Ticket, cancellation) is not (var ticket, var user))
            return ShowNotGood(visit);
        if (NewPassword.ProblemOf(form, user.Username) is { } problem)
            return ShowProblem(visit, problem);
        var network = limit.Take();
        return await invitations.AcceptAsync(ticket, user, form[PageFields.Password]!, network ?? user.Subject, cancellation) is { } accepted
            ? ShowDone(visit, Phrase.Of($"Your account is ready. Sign in as {accepted.Username}."), own.SignInToPortal())
            : ShowNotGood(visit);
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = Phrase.Of($"Accept the invitation"),
        Lead = Phrase.Of($"Choose a password for the account that was made for you."),
        Button = Phrase.Of($"Choose this password"),
        Ticket = visit.Ticket,
        MinLength = PasswordRules.MinLength,
    };
}
