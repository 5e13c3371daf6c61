using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The link to create an account for the email address to which it was sent.</summary>
public sealed class SignUpLink(MailedSignUp signUp, AccountCreator accounts, TermsOfService terms, LoginCompletion completion, WayBack back, OwnPages own, IPages pages) : MailLinkView(TicketPurpose.SignUp, pages)
{
    public override async Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (await signUp.FindAsync(visit.Ticket, cancellation) is not { } ticket)
            return ShowNotGood(visit);
        var wish = NewAccount.Read(form);
        var (user, problem) = NewPassword.ProblemOf(form, wish.Username) is { } wrong ? (null, wrong) : await signUp.CreateAsync(ticket, wish, cancellation);
        if (problem is not null)
            return ShowProblem(PageOf(visit) with { Account = new NewAccountFields(wish.Username, wish.Name, terms.Address) }, problem);
        if (user is null)
            return ShowNotGood(visit);
        // The sign-up continues only in the browser in which it began. In another browser, somebody could be tricked into using a stranger's account.
        if (await back.FindRequestAsync(visit.Http, ticket, cancellation) is not (var parked, var request))
            return ShowDone(visit, Phrase.Of($"Your account is ready. Sign in as {user.Username}."), own.SignInToPortal());
        var session = await accounts.BeginAsync(visit.Http, user, request.Client.ClientId, cancellation);
        return await completion.GoOnAsync(visit.Http, request, parked, session, cancellation);
    }

    protected override MailLinkPage PageOf(MailLinkVisit visit) => new(Route, visit.FormToken)
    {
        Heading = Phrase.Of($"Make your account"),
        Lead = Phrase.Of($"The address to which the link went belongs to the account: you sign in with it, or with your username."),
        Button = Phrase.Of($"Make the account"),
        Ticket = visit.Ticket,
        Account = new NewAccountFields(null, null, terms.Address),
        MinLength = PasswordRules.MinLength,
    };
}
