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

/// <summary>Lets people in to the pages of the management, sends them on, and puts a page together.</summary>
public sealed class ManagePagesDesk(OwnPages own, LoginLevels levels, IPages pages, ServerOptions options, TimeProvider clock)
{
    /// <summary>What the person may do by the groups of this moment.</summary>
    public Caller CallerOf(User user) => new(user.Subject, user.Username, true, ManageRoles.ScopesOf(user.Groups, options.Manage));

    /// <summary>A change needs a login of the last hour: a browser that somebody left open must not give away the server.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether the login is sure enough for the groups of the person, and new enough for a change. These pages are the server's own client, of which the
    /// login itself demands nothing.
    /// </summary>
    public bool MustSignInAgain(Session session, User user, bool isChange) =>
        AuthenticationContexts.LevelOf(session.Amr) < levels.OfGroups(user.Groups) || (isChange && clock.GetUtcNow() - session.AuthTime > Fresh);

    public IResult GoTo(HttpContext http, string page) => Redirect.To(http, own.Manage(page));

    public IResult SignIn(HttpContext http, string page) => Redirect.To(http, own.SignInToManage(page));

    /// <summary>Whoever has no second factor yet is asked to set one up there, and comes back.</summary>
    public IResult SignInAgain(HttpContext http, string page, Session session, User user, bool isChange) => Redirect.To(
        http, own.SignInToManage(page, user.Username, levels.OfGroups(user.Groups), isChange ? Fresh : clock.GetUtcNow() - session.AuthTime + Fresh));

    /// <summary>Where a login for these pages ends: with the page in the <c>state</c>, or with an error if the person cancelled.</summary>
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
