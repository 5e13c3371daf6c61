using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>Writes the clients that registered themselves. Each change is one conditional write.</summary>
public sealed class RegisteredClients(
    IClientStore clients, IClientEndStore ends, ClientRegistry registry, ServerOptions options, TimeProvider clock, SecurityEvents events)
{
    /// <param name="client">The client, checked and with a random id.</param>
    /// <param name="token">Its registration access token.</param>
    /// <param name="hadInitialAccess">See <see cref="ClientRegistration.HadInitialAccess"/>.</param>
    public async Task<Client> AddAsync(Client client, byte[] token, bool hadInitialAccess, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        client = client with { Registration = new ClientRegistration { RegisteredAt = now, LastUsedAt = now, TokenHash = SecretHash.Of(token), HadInitialAccess = hadInitialAccess } };
        // A note for a client that was never stored does no harm, but a client without a note would never be deleted. The same applies to the audit: a
        // failure after the client was stored would leave a client whose secret nobody has.
        await Task.WhenAll(
            ends.NoteAsync(client.ClientId, client.Registration.EndsAt(options.Registration.UnusedFor), cancellation), events.ClientRegisteredAsync(client.ClientId));
        if (!await clients.TryInsertAsync(client, cancellation))
            throw new TemporarilyUnavailableException("storage");
        return client;
    }

    /// <summary>The stored client, if this token may change it. Null for any other token or client, without a reason.</summary>
    public async Task<Authorized?> FindAsync(string clientId, byte[] token, CancellationToken cancellation)
    {
        if (!ClientIdRules.IsName(clientId) || await clients.FindAsync(clientId, cancellation) is not { Disabled: false, Registration: { } stored } client)
            return null;
        return !registry.IsOver(client) && RegistrationToken.Accept(stored, token) is { } accepted
            ? new Authorized(client with { Registration = accepted }, IsFirstUse: accepted != stored)
            : null;
    }

    /// <returns>False when somebody else changed it first.</returns>
    public async Task<bool> TryReplaceAsync(Client client, CancellationToken cancellation)
    {
        if (!(await clients.TryReplaceAsync(client, cancellation)).Won)
            return false;
        registry.Forget(client.ClientId);
        await events.ClientChangedAsync(client.ClientId);
        return true;
    }

    /// <returns>False when somebody else changed it first.</returns>
    public async Task<bool> TryDeleteAsync(Client client, CancellationToken cancellation)
    {
        if (!(await clients.TryDeleteAsync(client, cancellation)).Won)
            return false;
        registry.Forget(client.ClientId);
        await events.ClientDeletedAsync(client.ClientId);
        return true;
    }
}

/// <param name="Client">The client with its registration after the token was used.</param>
/// <param name="IsFirstUse">The first use of the token: writing the client then makes the token before it invalid.</param>
public sealed record Authorized(Client Client, bool IsFirstUse);
