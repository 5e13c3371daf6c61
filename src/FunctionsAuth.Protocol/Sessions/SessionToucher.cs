using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>
/// Extends a session that is in use. This is the last step of a request, and the answer does not depend on it: if storage fails here, the next use
/// tries again.
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
