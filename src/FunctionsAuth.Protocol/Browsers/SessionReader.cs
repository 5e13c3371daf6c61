using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>The signed-in user, and the consent for the client of the request.</summary>
public sealed record CurrentUser(Session? Session, Consent? Consent)
{
    /// <summary>The stored user; null without a session, and when the session has just begun.</summary>
    public User? User { get; init; }
}

public sealed class SessionReader(ISessionStore sessions, IConsentStore consents, IUserStore users, BrowserCookies cookies, RequestLanguage language, TimeProvider clock)
{
    /// <summary>
    /// Reads the session and, at the same time, the user in the cookie and the consent. The session record confirms the cookie. Nothing in the cookie
    /// is trusted before. A user who is disabled, or who must sign in again, has no session.
    /// </summary>
    public Task<CurrentUser> FindAsync(HttpContext http, string clientId, CancellationToken cancellation) =>
        FindAsync(http, subject => consents.FindAsync(subject, clientId, cancellation), cancellation);

    /// <summary>The same for a page of the server's own, which needs no consent.</summary>
    public Task<CurrentUser> FindUserAsync(HttpContext http, CancellationToken cancellation) =>
        FindAsync(http, _ => Task.FromResult<Consent?>(null), cancellation);

    private async Task<CurrentUser> FindAsync(HttpContext http, Func<string, Task<Consent?>> findConsent, CancellationToken cancellation)
    {
        if (cookies.Session(http) is not { } cookie)
            return new CurrentUser(null, null);
        var reading = sessions.FindAsync(cookie.Address, cancellation);
        var consent = findConsent(cookie.Subject);
        var user = users.FindAsync(cookie.Subject, cancellation);
        await Task.WhenAll(reading, consent, user);
        if (Confirm(await reading, cookie) is not { } session || await user is not { } known || !known.Trusts(session.AuthTime))
            return new CurrentUser(null, null);
        language.ChosenBy(known.Locale);
        return new CurrentUser(session with { Username = known.Username, UserSnapshot = UserSnapshot.Of(known), Groups = known.Groups }, await consent) { User = known };
    }

    /// <summary>The same for a session that has just begun.</summary>
    public async Task<CurrentUser> WithConsentAsync(Session session, string clientId, CancellationToken cancellation) =>
        new(session, await consents.FindAsync(session.Subject, clientId, cancellation));

    /// <summary>Only the session, in order to end it. Its user is not checked.</summary>
    public async Task<Session?> FindAsync(HttpContext http, CancellationToken cancellation) =>
        cookies.Session(http) is { } cookie ? Confirm(await sessions.FindAsync(cookie.Address, cancellation), cookie) : null;

    private Session? Confirm(Session? session, SessionCookie cookie) =>
        session is not null && SecretHash.Matches(cookie.Secret, session.SecretHash) && session.Subject == cookie.Subject && session.IsLive(clock.GetUtcNow())
            ? session
            : null;
}
