using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>Checks the login of a visitor of the management pages, redirects the visitor, and builds the page.</summary>
public sealed class ManagePagesDesk(OwnPages own, LoginLevels levels, IPages pages, ServerOptions options, TimeProvider clock)
{
    /// <summary>The rights of the user, from the user's current groups.</summary>
    public Caller CallerOf(User user) => new(user.Subject, user.Username, true, ManageRoles.ScopesOf(user.Groups, options.Manage));

    /// <summary>
    /// A change needs a login from the last hour, so that a browser that was left open does not give control of the server to somebody else.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether the user must sign in again, because the groups of the user need a higher level or a change needs a newer login. These pages are the server's
    /// own client, and the login for that client requires no level.
    /// </summary>
    public bool MustSignInAgain(Session session, User user, bool isChange) =>
        AuthenticationContexts.LevelOf(session.Amr) < levels.OfGroups(user.Groups) || (isChange && clock.GetUtcNow() - session.AuthTime > Fresh);

    public IResult GoTo(HttpContext http, string page) => Redirect.To(http, own.Manage(page));

    public IResult SignIn(HttpContext http, string page) => Redirect.To(http, own.SignInToManage(page));

    /// <summary>Sends the user to sign in again. A user without a second factor is asked there to set one up, and then comes back.</summary>
    public IResult SignInAgain(HttpContext http, string page, Session session, User user, bool isChange) => Redirect.To(
        http, own.SignInToManage(page, user.Username, levels.OfGroups(user.Groups), isChange ? Fresh : clock.GetUtcNow() - session.AuthTime + Fresh));

    /// <summary>The end of a login for these pages. The query has the page in <c>state</c>, or an error if the user cancelled.</summary>
    public IResult Enter(HttpContext http, Parameters query) =>
        query[Parameter.Error] is not null ? pages.Show(new AccountClosedPage(own.Manage(""), WasDeleted: false)) : GoTo(http, OwnPages.IsPage(query[Parameter.State]) ? query[Parameter.State]! : "");

    public IResult Refuse(User user, string page, IReadOnlyList<ManagePlace> places) => pages.Show(new ManagePage(page, "")
    {
        Username = user.Username,
        Heading = Phrase.Of($"You have no access to this page"),
        Places = places,
        Blocks = [new ManageText(Phrase.Of($"Only members of certain groups see it. Ask an administrator of this service."))],
        Status = StatusCodes.Status403Forbidden,
    });

    public IResult Show(ManageVisit visit, User user, string formToken, ManageContent content, ManageResult result) => pages.Show(new ManagePage(visit.Page, formToken)
    {
        Username = user.Username,
        Heading = content.Heading,
        Places = ManagePlaces.Of(visit.Caller, visit.Page),
        Blocks = content.Blocks.FirstOrDefault(block => block is ManageForm { IsDanger: true }) is { } question ? [question] : [.. result.Once, .. content.Blocks],
        Done = result.Done,
        Problem = visit.Problem is null ? null : ProblemText.Of(visit.Problem, visit.Typed),
        Faults = visit.Problem is null ? [] : ProblemText.FaultsOf(visit.Problem),
        Status = visit.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
    });
}
