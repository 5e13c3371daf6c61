using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The deletion of the account, which cannot be undone.</summary>
public sealed class DeleteView(AccountDeletion deletion, SignedOut signedOut, BrowserCookies cookies, OwnPages own, ServerOptions options, IPages pages) : AccountView
{
    public override string Route => "delete";

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) =>
        Task.FromResult(options.Account.MayDelete ? pages.Show(Page(visit)) : throw OAuthError.NoPage());

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (!options.Account.MayDelete)
            throw OAuthError.NoPage();
        if (LoginName.Normalize(form[PageFields.Username] ?? "") != LoginName.Normalize(visit.User.Username))
            return pages.Show(Page(visit) with { Problem = Phrase.Of($"Type your username as it stands above. Nothing was deleted."), Status = StatusCodes.Status422UnprocessableEntity });
        IReadOnlyList<LogoutRecipient>? told;
        try
        {
            told = await deletion.DeleteAsync(visit.User, visit.AuthTime, cancellation);
        }
        catch (LastAdministratorException e)
        {
            return pages.Show(Page(visit) with { Problem = Phrase.Of($"You are the last administrator of this service. Make somebody else an administrator first. Nothing was deleted."), Status = e.Status });
        }
        if (told is null)
            return Redirect.To(visit.Http, own.SignIn(Route));
        cookies.ForgetAccount(visit.Http, visit.User.Username);
        return signedOut.Show(visit.Http, told, frames => new AccountClosedPage(own.Account(ProfileView.Name), WasDeleted: true) { Frames = frames });
    }

    private AccountDeletePage Page(AccountVisit visit) => new(Route, visit.FormToken) { Username = visit.User.Username };
}
