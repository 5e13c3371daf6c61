using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>Who sits at the browser, and what they allowed the client that asks.</summary>
public sealed record CurrentUser(Session? Session, Consent? Consent);

public sealed class SessionReader(ISessionStore sessions, IConsentStore consents, BrowserCookies cookies, TimeProvider clock)
{
    /// <summary>
    /// Reads the session and, at the same time, the consent of the subject that the cookie names. The session's record
    /// confirms the cookie: until then nothing of it is believed.
    /// </summary>
    public async Task<CurrentUser> FindAsync(HttpContext http, string clientId, CancellationToken cancellation)
    {
        if (cookies.Session(http) is not { } cookie)
            return new CurrentUser(null, null);
        var reading = sessions.FindAsync(cookie.Address, cancellation);
        var consent = consents.FindAsync(cookie.Subject, clientId, cancellation);
        await Task.WhenAll(reading, consent);
        var session = Confirm(await reading, cookie);
        return new CurrentUser(session, session is null ? null : await consent);
    }

    /// <summary>The same for a session that has just begun.</summary>
    public async Task<CurrentUser> WithConsentAsync(Session session, string clientId, CancellationToken cancellation) =>
        new(session, await consents.FindAsync(session.Subject, clientId, cancellation));

    public async Task<Session?> FindAsync(HttpContext http, CancellationToken cancellation) =>
        cookies.Session(http) is { } cookie ? Confirm(await sessions.FindAsync(cookie.Address, cancellation), cookie) : null;

    private Session? Confirm(Session? session, SessionCookie cookie) =>
        session is not null && SecretHash.Matches(cookie.Secret, session.SecretHash) && session.Subject == cookie.Subject && session.IsLive(clock.GetUtcNow())
            ? session
            : null;
}
