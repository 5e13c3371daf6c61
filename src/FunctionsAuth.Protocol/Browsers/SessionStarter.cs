using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>
/// Begins a session, always with a new id and a new secret. The one before it in this browser ends if it was another user's;
/// if it was the same user's, who only signed in once more, what other clients have of it lives on.
/// </summary>
public sealed class SessionStarter(
    SessionReader reader, ISessionStore sessions, SessionEnder ender, BrowserCookies cookies, ServerOptions options, TimeProvider clock)
{
    // Signing in again and again must not make the row grow.
    private const int MostFormer = 8;

    public async Task<Session> StartAsync(HttpContext http, User user, bool remember, CancellationToken cancellation)
    {
        var former = await reader.FindAsync(http, cancellation);
        List<RecordAddress> line = former?.Subject == user.Subject ? [former.Address, .. former.Former] : [];
        var secret = Handle.NewSecret();
        var session = New(user, secret, remember) with { Former = [.. line.Take(MostFormer)] };
        await sessions.InsertAsync(session, cancellation);
        if (line.Count > 0)
            await TakeOverAsync(line, user.Subject, cancellation);
        else if (former is not null)
            await ender.EndAsync(former, cancellation);
        cookies.SetSession(http, new SessionCookie(session.Address, secret, session.Subject), session);
        return session;
    }

    /// <summary>A session that no cookie opens.</summary>
    public async Task<Session> StartWithoutBrowserAsync(User user, CancellationToken cancellation)
    {
        var session = New(user, Handle.NewSecret(), remember: false) with { SecretHash = [] };
        await sessions.InsertAsync(session, cancellation);
        return session;
    }

    private async Task TakeOverAsync(List<RecordAddress> line, string subject, CancellationToken cancellation)
    {
        await sessions.CloseAsync(line[0], cancellation);
        // What no row names any more could not be ended by a logout.
        foreach (var dropped in line.Skip(MostFormer))
            await ender.EndFormerAsync(dropped, subject, cancellation);
    }

    private Session New(User user, byte[] secret, bool remember)
    {
        var now = clock.GetUtcNow();
        var lifetimes = options.Lifetimes;
        var expiresAt = now + (remember ? lifetimes.RememberedSession : lifetimes.Session);
        return new Session
        {
            Address = RecordAddress.New(expiresAt),
            SecretHash = SecretHash.Of(secret),
            Subject = user.Subject,
            Username = user.Username,
            UserSnapshot = UserSnapshot.Of(user),
            Groups = user.Groups,
            AuthTime = now,
            Amr = ["pwd"],
            Remembered = remember,
            ExpiresAt = expiresAt,
            LastUsedAt = now,
            IdleLifetime = remember ? lifetimes.RememberedSessionIdle : lifetimes.SessionIdle,
        };
    }
}
