using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The email address. It changes when the user opens the link that was mailed to the new address.</summary>
public sealed class EmailView(EmailChange change, MailLimit limit, Mails mails, IPages pages) : AccountView
{
    public override string Route => AccountRoutes.Email;

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => Task.FromResult(mails.AreOn ? pages.Show(Page(visit)) : throw OAuthError.NoPage());

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (!mails.AreOn)
            throw OAuthError.NoPage();
        var wanted = (form[PageFields.Email] ?? "").Trim();
        var problem = EmailRules.ProblemOf(wanted) ?? (visit.User.HasVerified(wanted) ? Phrase.Of($"That is your address already.") : null);
        if (problem is not null)
            return pages.Show(Page(visit) with { Typed = wanted, Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });
        limit.Take();
        await change.SendAsync(visit.User, wanted, cancellation);
        return pages.Show(Page(visit) with { Done = Phrase.Of($"A mail with a link is on its way to {wanted}. Nothing changes before you open it in this browser. The link works once, for an hour.") });
    }

    private AccountEmailPage Page(AccountVisit visit) => new(Route, visit.FormToken)
    {
        Username = visit.User.Username,
        Email = (visit.User.Claims["email"] as System.Text.Json.Nodes.JsonValue)?.ToString(),
        IsVerified = visit.User.VerifiedEmail is not null,
    };
}
