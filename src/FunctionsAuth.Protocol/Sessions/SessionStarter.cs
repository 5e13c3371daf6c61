using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>Begins a session: always with a new id and a new secret, and the one before it in this browser ends.</summary>
public sealed class SessionStarter(ISessionStore sessions, BrowserCookies cookies, ServerOptions options, TimeProvider clock)
{
    public async Task<Session> StartAsync(HttpContext http, User user, bool remember, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var lifetimes = options.Lifetimes;
        var expiresAt = now + (remember ? lifetimes.RememberedSession : lifetimes.Session);
        var secret = Handle.NewSecret();
        var session = new Session
        {
            Address = RecordAddress.New(expiresAt),
            SecretHash = SecretHash.Of(secret),
            Subject = user.Subject,
            Username = user.Username,
            AuthTime = now,
            Amr = ["pwd"],
            Remembered = remember,
            ExpiresAt = expiresAt,
            LastUsedAt = now,
            IdleLifetime = remember ? lifetimes.RememberedSessionIdle : lifetimes.SessionIdle,
        };
        await sessions.InsertAsync(session, cancellation);
        await EndFormerAsync(http, cancellation);
        cookies.SetSession(http, new SessionCookie(session.Address, secret, session.Subject), session);
        return session;
    }

    private async Task EndFormerAsync(HttpContext http, CancellationToken cancellation)
    {
        if (cookies.Session(http) is { } cookie
            && await sessions.FindAsync(cookie.Address, cancellation) is { } former
            && SecretHash.Matches(cookie.Secret, former.SecretHash))
            await sessions.DeleteAsync(former.Address, cancellation);
    }
}
