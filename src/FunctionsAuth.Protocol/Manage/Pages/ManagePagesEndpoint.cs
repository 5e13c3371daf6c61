using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>
/// The pages on which users manage the server. They sign in as for the account pages. Their rights depend on the groups that they are in at that time. The
/// pages make all changes by operations of the management API.
/// </summary>
public sealed class ManagePagesEndpoint(
    IEnumerable<ManageView> views, OperationBook book, SessionReader sessions, SessionToucher toucher, BrowserCookies cookies, ManagePagesDesk desk) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ManagePagesEndpoint)) { Parts = [typeof(OperationBook), typeof(ManagePagesDesk)], Views = ManageViews.All };

    private const string Purpose = "manage";

    private readonly IReadOnlyList<ManageView> views = [.. views];

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var page = (http.Request.Path.Value ?? "").Trim('/')[Routes.Manage.Length..].Trim('/');
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var query = Parameters.FromQuery(http.Request).RefuseRepeated();
        if (page.Length == 0 && !isPost && (query[Parameter.Error] ?? query[Parameter.State]) is not null)
            return desk.Enter(http, query);
        var (view, route) = Find(page);
        var form = isPost ? (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated() : null;
        var found = await sessions.FindUserAsync(http, cancellation);
        if (found is not { Session: { } session, User: { } user })
            return desk.SignIn(http, page);
        var caller = desk.CallerOf(user);
        if (caller.Scopes.Count == 0)
            return desk.Refuse(user, page, []);
        if (desk.MustSignInAgain(session, user, isPost))
            return desk.SignInAgain(http, page, session, user, isPost);
        await toucher.TouchAsync(session, cancellation);
        if (view.Scope.Length > 0 && !caller.Has(view.Scope))
            return desk.Refuse(user, page, ManagePlaces.Of(caller, page));
        var visit = new ManageVisit(book, caller, page, route, query);
        var visitor = new Visitor(http, session, user, cookies.EnsureBrowser(http));
        // If the token is wrong, another site made the browser send the form, or another user has signed in since.
        return form is not null && FormToken.IsValid(form[PageFields.FormToken], visitor.Browser, PurposeOf(view, session))
            ? await SubmitAsync(view, visit, visitor, form, cancellation)
            : await ShowAsync(view, visit, visitor, new ManageResult(null), cancellation);
    }

    private (ManageView View, IReadOnlyDictionary<string, string> Route) Find(string page)
    {
        // A fixed route has priority over a route with a parameter.
        var found = views.Select(view => (View: view, Route: view.Match(page))).Where(one => one.Route is not null).OrderBy(one => one.Route!.Count).FirstOrDefault();
        return found.Route is null ? throw OAuthError.NoPage() : (found.View, found.Route);
    }

    private static string[] PurposeOf(ManageView view, Session session) => [Purpose, view.Route, session.Address.ToString()];

    private async Task<IResult> SubmitAsync(ManageView view, ManageVisit visit, Visitor visitor, Parameters form, CancellationToken cancellation)
    {
        ManageResult result;
        try
        {
            result = await view.SubmitAsync(visit, form, cancellation);
        }
        catch (Exception e) when (ProblemText.ProblemOf(e) is { } problem)
        {
            return await ShowAsync(view, visit with { Problem = problem, Typed = form }, visitor, new ManageResult(null), cancellation);
        }
        if (result is { Done: null, Once.Count: 0 })
            return desk.GoTo(visitor.Http, result.Page ?? visit.Page);
        if (result.Page is null || result.Page == visit.Page)
            return await ShowAsync(view, visit with { Query = Parameters.Parse("") }, visitor, result, cancellation);
        var (next, route) = Find(result.Page);
        return await ShowAsync(next, visit with { Page = result.Page, Route = route, Query = Parameters.Parse("") }, visitor, result, cancellation);
    }

    private async Task<IResult> ShowAsync(ManageView view, ManageVisit visit, Visitor visitor, ManageResult result, CancellationToken cancellation)
    {
        ManageContent content;
        try
        {
            content = await view.ShowAsync(visit, cancellation);
        }
        catch (ApiProblem e) when (e.Status == StatusCodes.Status404NotFound)
        {
            throw OAuthError.NoPage();
        }
        catch (ApiProblem e)
        {
            // A filter is invalid. The page is shown without filters, with the problem.
            content = await view.ShowAsync(visit with { Query = Parameters.Parse("") }, cancellation);
            visit = visit with { Problem = e };
        }
        return desk.Show(visit, visitor.User, FormToken.For(visitor.Browser, PurposeOf(view, visitor.Session)), content, result);
    }

    private sealed record Visitor(HttpContext Http, Session Session, User User, byte[] Browser);
}
