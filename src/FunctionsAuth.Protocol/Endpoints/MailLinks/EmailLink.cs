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

/// <summary>A new address is the person's.</summary>
public sealed class EmailLink(EmailChange change, SessionReader sessions, AccountMails notices, OwnPages own, IPages pages) : MailLinkView(TicketPurpose.EmailChange, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await change.FindAsync(visit.Ticket, cancellation) is not (var ticket, var user))
            return ShowNotGood(visit);
        // Whoever is made to open the link of somebody else's account must not give that account the address.
        if ((await sessions.FindUserAsync(visit.Http, cancellation)).User?.Subject != user.Subject)
            return ShowProblem(visit, "Sign in to the account for which you want the address, in this browser. Then open the link in the mail again.");
        switch (await change.ConfirmAsync(ticket, user, cancellation))
        {
            case EmailOutcome.Done:
                await notices.TellAsync(AccountChange.EmailChanged, ticket.Email, user.Username);
                return ShowDone(visit, "The address is confirmed. You can sign in with it.", own.Account(AccountRoutes.Email), "Go to your account");
            case EmailOutcome.Taken:
                return ShowNotGood(visit, "This address belongs to another account.");
            case EmailOutcome.TooOften:
                return ShowNotGood(visit, "The address was changed too often in the last days. Wait a few days.");
            default:
                return ShowNotGood(visit);
        }
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = "Confirm your email address",
        Lead = "The address is yours for this account when you press the button.",
        Button = "Confirm the address",
        Ticket = visit.Ticket,
        NewLinkAddress = $"../{Routes.Account}/{AccountRoutes.Email}",
    };
}
