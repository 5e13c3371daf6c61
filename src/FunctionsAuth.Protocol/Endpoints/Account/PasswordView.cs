using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Changes the password. All other browsers and apps must sign in again.</summary>
public sealed class PasswordView(OwnAccount account, HashLimit limit, SessionStarter starter, SessionEnder ender, OwnPages own, IPages pages, TimeProvider clock) : AccountView
{
    public const string Name = "password";

    public override string Route => Name;

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => Task.FromResult(pages.Show(Page(visit)));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (NewPassword.ProblemOf(form, visit.User.Username) is { } problem)
            return pages.Show(Page(visit) with { Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });
        var network = limit.Take();
        if (await account.ChangePasswordAsync(visit.User, visit.AuthTime, form[PageFields.Password]!, network ?? visit.User.Subject, cancellation) is not { } changed)
            return Redirect.To(visit.Http, own.SignIn(Name));
        // That write also ended the session of this browser. All clients are told before this browser gets a new session.
        await ender.EndAllAsync(changed.Subject, cancellation);
        await starter.StartAsync(visit.Http, ProvenLogin.ByPassword(changed, clock.GetUtcNow()), OwnClients.AccountId, visit.Session.Remembered, cancellation);
        return Redirect.To(visit.Http, $"{own.Account(SessionsView.Name)}?{SessionsView.PasswordChanged}=true");
    }

    private AccountPasswordPage Page(AccountVisit visit) => new(Route, visit.FormToken) { Username = visit.User.Username, MinLength = PasswordRules.MinLength };
}
