namespace FunctionsAuth.Protocol.Sessions;

internal static class SessionExtensions
{
    /// <summary>Ends the session and those that it took over from.</summary>
    public static Task EndAsync(this ISessionStore sessions, Session session, CancellationToken cancellation) =>
        Task.WhenAll(session.Former.Prepend(session.Address).Select(address => sessions.DeleteAsync(address, cancellation)));
}
