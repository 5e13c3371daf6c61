using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The sessions of the user. The user can end one session or all sessions. Their clients are told.</summary>
public sealed class SessionsView(AccountSessions sessions, SessionEnder ender, OwnAccount account, SignedOut signedOut, IPages pages, TimeProvider clock) : AccountView
{
    public const string Name = "sessions";

    /// <summary>In the query: the password was changed a moment ago.</summary>
    public const string PasswordChanged = "password_changed";

    public override string Route => Name;

    public override async Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation)
    {
        // Anybody can send a user to that address, but not right after a login.
        var isNew = clock.GetUtcNow() - visit.AuthTime < TimeSpan.FromMinutes(1);
        var done = !isNew || Parameters.FromQuery(visit.Http.Request)[PasswordChanged] is null ? null : Phrase.Of($"Your password is changed. You are signed in in this browser only.");
        return pages.Show(await PageAsync(visit, done, cancellation));
    }

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (form[PageFields.Action] == PageFields.ActionEndAll)
            return await EndAllAsync(visit, cancellation);
        if (await sessions.FindAsync(visit.User.Subject, form[PageFields.Session], cancellation) is not { } chosen)
            return pages.Show(await PageAsync(visit, Phrase.Of($"That session has ended already."), cancellation));
        var told = await ender.EndAsync(chosen, cancellation);
        return chosen.Address == visit.Session.Address
            ? signedOut.Show(visit.Http, told, frames => new LoggedOutPage(true, null) { Frames = frames })
            : pages.Show(await PageAsync(visit, Phrase.Of($"The session is ended. Apps that can be told of it were told."), cancellation));
    }

    /// <summary>One write ends all sessions, however many there are. Then their clients are told.</summary>
    private async Task<IResult> EndAllAsync(AccountVisit visit, CancellationToken cancellation)
    {
        await account.SignOutEverywhereAsync(visit.User, visit.AuthTime, cancellation);
        var told = await ender.EndAllAsync(visit.User.Subject, cancellation);
        return signedOut.Show(visit.Http, told, frames => new LoggedOutPage(true, null) { Frames = frames });
    }

    private async Task<AccountSessionsPage> PageAsync(AccountVisit visit, Phrase? done, CancellationToken cancellation) => new(Route, visit.FormToken)
    {
        Username = visit.User.Username,
        Sessions = await sessions.DescribeAsync(await sessions.ListAsync(visit.Session, cancellation), visit.Session.Address, cancellation),
        Done = done,
    };
}
