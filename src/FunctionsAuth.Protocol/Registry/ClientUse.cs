using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// Stores the last use of a client that registered itself, so that it is not deleted. For other clients it does nothing. This is the last step of a
/// request, and the answer does not depend on it: if storage fails here, the next use tries again.
/// </summary>
public sealed partial class ClientUse(IClientStore store, ClientRegistry registry, ServerOptions options, TimeProvider clock, ILogger<ClientUse> log)
{
    public async Task NoteAsync(Client client, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (client.Registration?.IsWorthTouching(now, options.Registration.UnusedFor) != true)
            return;
        try
        {
            await store.TouchAsync(client.ClientId, now, cancellation);
            registry.Forget(client.ClientId);
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotNoted(client.ClientId, e);
        }
    }

    [LoggerMessage(6004, LogLevel.Warning, "The use of client {ClientId} could not be written down")]
    private partial void LogNotNoted(string clientId, Exception exception);
}
