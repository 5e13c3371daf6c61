using FunctionsAuth.Protocol.Audit;
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
    SessionReader reader, SessionMaker maker, ISessionStore sessions, SessionEnder ender, BrowserCookies cookies, SecurityEvents events)
{
    // Signing in again and again must not make the row grow.
    private const int MostFormer = 8;

    /// <param name="clientId">For which client the person signed in.</param>
    /// <param name="remember">"Keep me signed in".</param>
    public async Task<Session> StartAsync(HttpContext http, ProvenLogin login, string clientId, bool remember, CancellationToken cancellation)
    {
        var former = await reader.FindAsync(http, cancellation);
        return await StartAsync(http, login, clientId, remember, former, until: null, cancellation);
    }

    /// <summary>The same person proved more: the session goes on as a new one that knows it, and ends when the former one would have.</summary>
    /// <param name="former">The live session of this browser.</param>
    public Task<Session> RaiseAsync(HttpContext http, Session former, User user, Proof proof, string clientId, CancellationToken cancellation) =>
        StartAsync(http, new ProvenLogin(user, former.Proofs.With(proof)), clientId, former.Remembered, former, former.ExpiresAt, cancellation);

    private async Task<Session> StartAsync(HttpContext http, ProvenLogin login, string clientId, bool remember, Session? former, DateTimeOffset? until, CancellationToken cancellation)
    {
        List<RecordAddress> line = former?.Subject == login.User.Subject ? [former.Address, .. former.Former] : [];
        var secret = Handle.NewSecret();
        var session = maker.Make(login, secret, remember, until) with { Former = [.. line.Take(MostFormer)] };
        await BeginAsync(session, clientId, cancellation);
        if (line.Count > 0)
            await TakeOverAsync(line, login.User.Subject, cancellation);
        else if (former is not null)
            await ender.EndAsync(former, cancellation);
        cookies.SetSession(http, new SessionCookie(session.Address, secret, session.Subject), session);
        cookies.RememberAccount(http, session);
        return session;
    }

    /// <summary>A session that no cookie opens, for a client that brought the password itself.</summary>
    public async Task<Session> StartWithoutBrowserAsync(ProvenLogin login, string clientId, CancellationToken cancellation)
    {
        var session = maker.Make(login, Handle.NewSecret(), remember: false) with { SecretHash = [], PasswordClient = clientId, Browser = null, Country = null };
        await BeginAsync(session, clientId, cancellation);
        return session;
    }

    private Task BeginAsync(Session session, string clientId, CancellationToken cancellation) =>
        Task.WhenAll(sessions.InsertAsync(session, cancellation), events.SignedInAsync(session.Subject, clientId, session.Amr, inBrowser: session.PasswordClient is null));

    private async Task TakeOverAsync(List<RecordAddress> line, string subject, CancellationToken cancellation)
    {
        await sessions.CloseAsync(line[0], cancellation);
        // What no row names any more could not be ended by a logout.
        foreach (var dropped in line.Skip(MostFormer))
            await ender.EndFormerAsync(dropped, subject, cancellation);
    }
}
