using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>The active sessions of one user. Sessions that were started by earlier releases are not included.</summary>
public sealed class UserSessions(ISessionStore sessions, ServerOptions options, TimeProvider clock)
{
    /// <summary>A client with the password grant can start a session each minute.</summary>
    private const int Most = 200;

    /// <param name="id">As text, as forms have it.</param>
    /// <returns>Null when the user has no active session with this id.</returns>
    public async Task<Session?> FindAsync(string subject, string? id, CancellationToken cancellation) =>
        RecordAddress.TryParse(id, out var address) && await sessions.FindAsync(address, cancellation) is { IsClosed: false } session
        && session.Subject == subject && session.IsLive(clock.GetUtcNow()) ? session : null;

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<Session>> ListAsync(string subject, CancellationToken cancellation)
    {
        var (now, lifetimes) = (clock.GetUtcNow(), options.Lifetimes);
        var longest = lifetimes.Session > lifetimes.RememberedSession ? lifetimes.Session : lifetimes.RememberedSession;
        return sessions.ListAsync(subject, now, now + longest, Most, cancellation);
    }
}
