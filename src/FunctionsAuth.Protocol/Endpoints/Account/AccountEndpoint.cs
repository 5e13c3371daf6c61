using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>
/// The pages on which users manage their own accounts. A user who is not signed in is sent to the authorization endpoint, with these pages as the
/// client (<see cref="Clients.OwnClients"/>), and returns to the same page.
/// </summary>
public sealed class AccountEndpoint(
    IEnumerable<AccountView> views, SessionReader sessions, SessionToucher toucher, BrowserCookies cookies, IPages pages, OwnPages own, FreshLogin freshness) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(AccountEndpoint))
    {
        Parts = [typeof(AccountSessions), typeof(SignedOut), typeof(AccountDownload), typeof(FreshLogin)],
        Views = [typeof(ProfileView), typeof(UsernameView), typeof(EmailView), typeof(SecurityView), typeof(PasswordView), typeof(PasskeysView), typeof(TotpView), typeof(RecoveryCodesView), typeof(SessionsView), typeof(AppsView), typeof(ActivityView), typeof(DataView), typeof(DeleteView)],
    };

    private const string Purpose = "account";

    private readonly Dictionary<string, AccountView> views = views.ToDictionary(view => view.Route);

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var route = Path.GetFileName(http.Request.Path.Value ?? "");
        if (route is "" or Routes.Account)
            return Enter(http);
        if (!views.TryGetValue(route, out var view))
            throw OAuthError.NoPage();
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var form = (isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request)).RefuseRepeated();
        var requestId = RecordAddress.TryParse(form[PageFields.Request], out var request) ? request.ToString() : null;
        var user = await sessions.FindUserAsync(http, cancellation);
        if (user is not { Session: { } session, User: { } known })
            return Redirect.To(http, own.SignIn(view.Route, requestId));
        // Somebody who only knows the password must not get further if the owner has a second factor (CVE-2026-3429).
        var fresh = view.IsSensitive ? await freshness.LookAsync(session, known, cancellation) : null;
        if (fresh?.Missing is { } level)
            return Redirect.To(http, own.SignInAgain(view.Route, known.Username, level, requestId));
        await toucher.TouchAsync(session, cancellation);
        var browser = cookies.EnsureBrowser(http);
        string[] purpose = [Purpose, view.Route, session.Address.ToString()];
        var visit = new AccountVisit(http, session, known, FormToken.For(browser, purpose)) { RequestId = requestId, Person = fresh?.Person };
        if (!isPost)
            return await view.ShowAsync(visit, cancellation);
        // Another site made the browser send it, or another user has signed in since.
        return FormToken.IsValid(form[PageFields.FormToken], browser, purpose) ? await view.SubmitAsync(visit, form, cancellation) : await view.ShowAsync(visit, cancellation);
    }

    /// <summary>The end of a login for these pages: with the page in the <c>state</c>, or with an error if the user cancelled.</summary>
    private IResult Enter(HttpContext http)
    {
        var query = Parameters.FromQuery(http.Request);
        if (query[Parameter.Error] is not null)
            return pages.Show(new AccountClosedPage(own.Account(ProfileView.Name), WasDeleted: false));
        var (route, request) = OwnPages.ReadState(query[Parameter.State] ?? "");
        var page = own.Account(views.ContainsKey(route) ? route : ProfileView.Name);
        return Redirect.To(http, request is null ? page : $"{page}?{PageFields.Request}={request}");
    }
}
