using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Profiles;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// The clients for endpoints. They are cached for <see cref="ServerOptions.CacheFor"/>, so that a request needs no read. Unknown ids are cached too,
/// so that a flood of them does not cause a flood of reads.
/// </summary>
public sealed partial class ClientRegistry(IClientStore store, ClientDocuments documents, ServerOptions options, TimeProvider clock, ILogger<ClientRegistry> log)
{
    /// <summary>Bytes.</summary>
    private const int Memory = 32 * 1024 * 1024;

    private readonly BoundedCache<string, Client?> cache = new(Memory, options.CacheFor, clock, static (id, client) => ClientSize.Of(id, client));

    private readonly Lazy<Client> account = new(() => OwnClients.Account(new ServerUrls(options)));

    /// <summary>Null if the settings switch it off.</summary>
    private readonly Client? commandLine = options.Manage.Cli ? ManageRoles.Apply(CommandLineClient.Create(), options.Manage) : null;

    private readonly Allowance<string> warnings = new(1, TimeSpan.FromHours(1), clock);

    /// <summary>The ids for which storage was read before they were refused.</summary>
    private readonly BoundedCache<string, bool> refused = new(10_000, options.CacheFor, clock);

    /// <summary>
    /// The enabled client of a token, a session or a logout, or null. A client whose metadata document cannot be used at the moment counts as
    /// missing, and causes no error for others.
    /// </summary>
    public async ValueTask<Client?> FindAsync(string clientId, CancellationToken cancellation)
    {
        try
        {
            return await FindCallerAsync(clientId, cancellation);
        }
        catch (OAuthException)
        {
            return null;
        }
    }

    /// <summary>The name of the client for users; its id if it has no name or no longer exists.</summary>
    public async ValueTask<string> NameOfAsync(string clientId, CancellationToken cancellation) =>
        (await FindAsync(clientId, cancellation))?.ClientName ?? clientId;

    /// <summary>The enabled client of a request, or null. A client that registered itself and was not used for too long counts as unknown.</summary>
    /// <exception cref="OAuthException"><c>invalid_client</c>, with the reason: the id is the address of a document that can't be used.</exception>
    public async ValueTask<Client?> FindCallerAsync(string clientId, CancellationToken cancellation) => (await LookUpAsync(clientId, cancellation)).Client;

    /// <summary>Like <see cref="FindCallerAsync"/>, and also whether storage was read for it.</summary>
    public async ValueTask<(Client? Client, bool WasRead)> LookUpAsync(string clientId, CancellationToken cancellation)
    {
        var wasRead = false;
        if (OwnClients.IsOwn(clientId))
            return (account.Value, false);
        if (clientId == OwnClients.CommandLineId)
            return (commandLine, false);
        if (ClientIdRules.IsAddress(clientId))
            return (ApplyProfile(await documents.FindAsync(clientId, cancellation)), false);
        if (!ClientIdRules.IsName(clientId))
            return (null, false);
        var client = await cache.GetAsync(clientId, ReadAsync, cancellation);
        return (client is { Disabled: false } && !IsOver(client) ? client : null, wasRead);

        async Task<Client?> ReadAsync(string id)
        {
            wasRead = true;
            return ApplyProfile(await store.FindAsync(id, CancellationToken.None));
        }
    }

    /// <summary>
    /// To be called when a request named an unknown client or failed to authenticate. The response time must not show which it was. So storage is
    /// read once in <see cref="ServerOptions.CacheFor"/> for each id, whether or not the client is in memory.
    /// </summary>
    /// <param name="wasRead">Whether storage was read for this request.</param>
    public async ValueTask RefuseAsync(string clientId, bool wasRead, CancellationToken cancellation)
    {
        if (!ClientIdRules.IsName(clientId))
            return;
        if (wasRead)
            refused.Set(clientId, true);
        else
            await refused.GetAsync(clientId, ReadAgainAsync, cancellation);
    }

    /// <summary>The next caller on this instance sees the stored client. Other instances follow within <see cref="ServerOptions.CacheFor"/>.</summary>
    public void Forget(string clientId) => cache.Forget(clientId);

    private async Task<bool> ReadAgainAsync(string clientId)
    {
        cache.Set(clientId, ApplyProfile(await store.FindAsync(clientId, CancellationToken.None)));
        return true;
    }

    /// <summary>
    /// The client with the rules of its profile applied. A client that cannot meet its profile is unknown to every endpoint, whenever it was
    /// registered.
    /// </summary>
    private Client? ApplyProfile(Client? client)
    {
        if (client is null)
            return null;
        client = ManageRoles.Apply(ClientProfile.Apply(client, options), options.Manage);
        foreach (var (member, problem) in ClientProfile.ProblemsOf(client, options))
        {
            // A metadata document is checked for each request, and a stranger can send any number of them.
            if (warnings.TryTake(client.ClientId, out _))
                LogDoesNotMeet(client.ClientId, client.Profile!, member, problem);
            return null;
        }
        return client;
    }

    [LoggerMessage(6005, LogLevel.Warning, "Client {ClientId} is refused, as it does not meet the profile {Profile}: {Member} {Problem}")]
    private partial void LogDoesNotMeet(string clientId, string profile, string member, string problem);

    /// <summary>A client that registered itself and was not used for <see cref="RegistrationOptions.UnusedFor"/>.</summary>
    public bool IsOver(Client client) => clock.GetUtcNow() >= client.Registration?.EndsAt(options.Registration.UnusedFor);
}
