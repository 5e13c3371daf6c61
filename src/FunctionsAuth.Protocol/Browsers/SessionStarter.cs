using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>
/// Begins a session, always with a new id and a new secret. The earlier session in this browser ends if it belongs to another user. If it belongs to
/// the same user, tokens of other clients that depend on it stay valid.
/// </summary>
public sealed class SessionStarter(
    SessionReader reader, SessionMaker maker, ISessionStore sessions, SessionEnder ender, BrowserCookies cookies, SecurityEvents events)
{
    // Repeated logins must not make the row grow.
    private const int MostFormer = 8;

    /// <param name="clientId">The client for which the user signs in.</param>
    /// <param name="remember">"Keep me signed in".</param>
    public async Task<Session> StartAsync(HttpContext http, ProvenLogin login, string clientId, bool remember, CancellationToken cancellation)
    {
        var former = await reader.FindAsync(http, cancellation);
        return await StartAsync(http, login, clientId, remember, former, until: null, cancellation);
    }

    /// <summary>
    /// The user proved more. The session continues as a new one that refers to the former one, and it ends at the same time as the former one would.
    /// </summary>
    /// <param name="former">The active session of this browser.</param>
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

    /// <summary>A session without a cookie, for a client that sent the password itself.</summary>
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
        // A session that no row refers to could not be ended by a logout.
        foreach (var dropped in line.Skip(MostFormer))
            await ender.EndFormerAsync(dropped, subject, cancellation);
    }
}
