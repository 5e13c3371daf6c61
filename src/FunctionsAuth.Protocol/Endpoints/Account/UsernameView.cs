using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The name with which the user signs in.</summary>
public sealed class UsernameView(OwnAccount account, BrowserCookies cookies, OwnPages own, ServerOptions options, IPages pages) : AccountView
{
    public override string Route => "username";

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => Task.FromResult(
        options.Account.MayChangeUsername ? pages.Show(new AccountUsernamePage(Route, visit.FormToken) { Username = visit.User.Username }) : throw OAuthError.NoPage());

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (!options.Account.MayChangeUsername)
            throw OAuthError.NoPage();
        var wanted = (form[PageFields.Username] ?? "").Trim();
        var (changed, problem) = await account.ChangeUsernameAsync(visit.User, visit.AuthTime, wanted, cancellation);
        var page = new AccountUsernamePage(Route, visit.FormToken) { Username = changed?.Username ?? visit.User.Username };
        if (problem is not null)
            return pages.Show(page with { Typed = wanted, Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });
        // The browser would offer the former name, with which nobody can sign in any more.
        if (changed is not null && changed.Username != visit.User.Username)
            cookies.ForgetAccount(visit.Http, visit.User.Username);
        return changed is null
            ? Redirect.To(visit.Http, own.SignIn(Route))
            : pages.Show(page with { Done = Phrase.Of($"From now on you sign in as {changed.Username}.") });
    }
}
