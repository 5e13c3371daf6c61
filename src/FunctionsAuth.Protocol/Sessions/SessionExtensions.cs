using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Sessions;

internal static class SessionExtensions
{
    /// <summary>
    /// The client got something in the session and wants to hear of its end. What it got may be handed out only once this is
    /// noted. A client that has no logout address costs nothing.
    /// </summary>
    public static Task JoinAsync(this ISessionStore sessions, Session session, Client client, CancellationToken cancellation) =>
        client.HearsOfLogout ? sessions.AddClientAsync(session.Address, client.ClientId, cancellation) : Task.CompletedTask;
}
