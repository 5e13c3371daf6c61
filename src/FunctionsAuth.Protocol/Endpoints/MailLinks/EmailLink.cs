using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The link that confirms a new email address.</summary>
public sealed class EmailLink(EmailChange change, SessionReader sessions, AccountMails notices, OwnPages own, IPages pages) : MailLinkView(TicketPurpose.EmailChange, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await change.FindAsync(visit.Ticket, cancellation) is not (var ticket, var user))
            return ShowNotGood(visit);
        // A link can be sent to somebody else. A user who opens the link of another account must not give that account the address.
        if ((await sessions.FindUserAsync(visit.Http, cancellation)).User?.Subject != user.Subject)
            return ShowProblem(visit, Phrase.Of($"Sign in to the account for which you want the address, in this browser. Then open the link in the mail again."));
        switch (await change.ConfirmAsync(ticket, user, cancellation))
        {
            case EmailOutcome.Done:
                await notices.TellAsync(AccountChange.EmailChanged, user.AsRecipient() with { Address = ticket.Email });
                return ShowDone(visit, Phrase.Of($"The address is confirmed. You can sign in with it."), own.Account(AccountRoutes.Email), Phrase.Of($"Go to your account"));
            case EmailOutcome.Taken:
                return ShowNotGood(visit, Phrase.Of($"This address belongs to another account."));
            case EmailOutcome.TooOften:
                return ShowNotGood(visit, Phrase.Of($"The address was changed too often in the last days. Wait a few days."));
            default:
                return ShowNotGood(visit);
        }
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = Phrase.Of($"Confirm your email address"),
        Lead = Phrase.Of($"The address is yours for this account when you press the button."),
        Button = Phrase.Of($"Confirm the address"),
        Ticket = visit.Ticket,
        NewLinkAddress = $"../{Routes.Account}/{AccountRoutes.Email}",
    };
}
