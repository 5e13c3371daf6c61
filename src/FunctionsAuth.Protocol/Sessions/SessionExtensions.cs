using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Sessions;

internal static class SessionExtensions
{
    /// <summary>
    /// Stores that the client got something in the session and must be told when the session ends. The caller must wait for it before it returns
    /// anything to the client. A client without a logout address costs nothing.
    /// </summary>
    public static Task JoinAsync(this ISessionStore sessions, Session session, Client client, CancellationToken cancellation) =>
        client.HearsOfLogout ? sessions.AddClientAsync(session.Address, client.ClientId, cancellation) : Task.CompletedTask;
}
