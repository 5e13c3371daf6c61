using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>The live sessions of one person. Those that instances of earlier releases began are not among them.</summary>
public sealed class UserSessions(ISessionStore sessions, ServerOptions options, TimeProvider clock)
{
    /// <summary>A client that brings the password itself may begin a session each minute.</summary>
    private const int Most = 200;

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<Session>> ListAsync(string subject, CancellationToken cancellation)
    {
        var (now, lifetimes) = (clock.GetUtcNow(), options.Lifetimes);
        var longest = lifetimes.Session > lifetimes.RememberedSession ? lifetimes.Session : lifetimes.RememberedSession;
        return sessions.ListAsync(subject, now, now + longest, Most, cancellation);
    }
}
