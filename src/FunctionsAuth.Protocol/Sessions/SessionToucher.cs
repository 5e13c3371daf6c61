namespace FunctionsAuth.Protocol.Sessions;

/// <summary>Keeps a session in use alive.</summary>
public sealed class SessionToucher(ISessionStore sessions, TimeProvider clock)
{
    public async Task TouchAsync(Session session, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (session.IsWorthTouching(now))
            await sessions.TouchAsync(session, now, cancellation);
    }
}
