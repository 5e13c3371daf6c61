using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>
/// Keeps a session in use alive. It comes last in a request and is no condition of it: when storage fails here, the answer
/// is as good as before, and the next use tries again.
/// </summary>
public sealed partial class SessionToucher(ISessionStore sessions, TimeProvider clock, ILogger<SessionToucher> log)
{
    public async Task TouchAsync(Session session, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!session.IsWorthTouching(now))
            return;
        try
        {
            await sessions.TouchAsync(session, now, cancellation);
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotTouched(session.Address.ToString(), e);
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "The use of session {Session} could not be written down")]
    private partial void LogNotTouched(string session, Exception exception);
}
