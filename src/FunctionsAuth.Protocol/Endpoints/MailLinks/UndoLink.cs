using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The link that reverses a change of the email address.</summary>
public sealed class UndoLink(EmailUndo undo, ServerUrls urls, IPages pages) : MailLinkView(TicketPurpose.EmailUndo, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await undo.FindAsync(visit.Ticket, cancellation) is not (var ticket, var user))
            return ShowNotGood(visit);
        return await undo.TakeBackAsync(ticket, user, cancellation) == EmailOutcome.Done
            ? ShowDone(visit, Phrase.Of($"Your old address is restored, all sessions are signed out, and the password no longer works. Choose another password now."), urls.Of(Routes.ForgotPassword), Phrase.Of($"Choose a password"))
            : ShowNotGood(visit);
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = Phrase.Of($"Take the change of your address back"),
        Lead = Phrase.Of($"Your old address is restored, all sessions are signed out, and the password stops working, so that you must choose another one."),
        Button = Phrase.Of($"Take the change back"),
        Ticket = visit.Ticket,
    };
}
