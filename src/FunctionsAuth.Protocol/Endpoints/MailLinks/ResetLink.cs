using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The link to set a new password.</summary>
public sealed class ResetLink(PasswordReset reset, HashLimit limit, WayBack back, IPages pages) : MailLinkView(TicketPurpose.PasswordReset, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await reset.FindAsync(visit.Ticket, cancellation) is not (var ticket, var user))
            return ShowNotGood(visit);
        if (NewPassword.ProblemOf(form, user.Username) is { } problem)
            return ShowProblem(visit, problem);
        var network = limit.Take();
        if (await reset.ChangeAsync(ticket, user, form[PageFields.Password]!, network ?? user.Subject, cancellation) is not { } changed)
            return ShowNotGood(visit);
        return ShowDone(visit, Phrase.Of($"Your password is changed. All sessions are signed out. Sign in as {changed.Username} with the new password."), await back.ToLoginAsync(visit.Http, ticket, cancellation));
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = Phrase.Of($"Choose another password"),
        Lead = Phrase.Of($"Everybody who is signed in to your account has to sign in again afterwards."),
        Button = Phrase.Of($"Change password"),
        Ticket = visit.Ticket,
        MinLength = PasswordRules.MinLength,
        NewLinkAddress = $"../{Routes.ForgotPassword}",
    };
}
