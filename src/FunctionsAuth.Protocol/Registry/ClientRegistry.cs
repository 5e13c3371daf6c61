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
/// The clients as endpoints see them: cached for <see cref="ServerOptions.CacheFor"/>, so that a request costs no read.
/// Unknown ids are cached, too, or a flood of them would be a flood of reads.
/// </summary>
public sealed partial class ClientRegistry(IClientStore store, ClientDocuments documents, ServerOptions options, TimeProvider clock, ILogger<ClientRegistry> log)
{
    /// <summary>Bytes.</summary>
    private const int Memory = 32 * 1024 * 1024;

    private readonly BoundedCache<string, Client?> cache = new(Memory, options.CacheFor, clock, static (id, client) => ClientSize.Of(id, client));

    private readonly Lazy<Client> account = new(() => OwnClients.Account(new ServerUrls(options)));

    /// <summary>Null where the settings switch it off.</summary>
    private readonly Client? commandLine = options.Manage.Cli ? ManageRoles.Apply(CommandLineClient.Create(), options.Manage) : null;

    private readonly Allowance<string> warnings = new(1, TimeSpan.FromHours(1), clock);

    /// <summary>Of ids for which storage was read before they were refused.</summary>
    private readonly BoundedCache<string, bool> refused = new(10_000, options.CacheFor, clock);

    /// <summary>
    /// The enabled client that a token, a session or a logout names, or null. A client whose metadata document can't be used at the moment
    /// is as good as gone, and is no reason to fail for anybody else.
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

    /// <summary>How people know the client; its id where it has no name, or is not there any more.</summary>
    public async ValueTask<string> NameOfAsync(string clientId, CancellationToken cancellation) =>
        (await FindAsync(clientId, cancellation))?.ClientName ?? clientId;

    /// <summary>
    /// The enabled client that names itself in a request, or null. One that registered itself and is not used any more is unknown, too.
    /// </summary>
    /// <exception cref="OAuthException"><c>invalid_client</c>, with the reason: the id is the address of a document that can't be used.</exception>
    public async ValueTask<Client?> FindCallerAsync(string clientId, CancellationToken cancellation) => (await LookUpAsync(clientId, cancellation)).Client;

    /// <summary>As <see cref="FindCallerAsync"/>, and whether storage was read for it.</summary>
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
    /// Says that a request named a client and could not prove it, or that there is no such client. The time of such an answer must not tell
    /// which it was: so for each id storage is read once in <see cref="ServerOptions.CacheFor"/>, be the client in memory or not.
    /// </summary>
    /// <param name="wasRead">Whether storage was read for this very request.</param>
    public async ValueTask RefuseAsync(string clientId, bool wasRead, CancellationToken cancellation)
    {
        if (!ClientIdRules.IsName(clientId))
            return;
        if (wasRead)
            refused.Set(clientId, true);
        else
            await refused.GetAsync(clientId, ReadAgainAsync, cancellation);
    }

    /// <summary>The next one who asks here sees what is stored; other instances follow within <see cref="ServerOptions.CacheFor"/>.</summary>
    public void Forget(string clientId) => cache.Forget(clientId);

    private async Task<bool> ReadAgainAsync(string clientId)
    {
        cache.Set(clientId, ApplyProfile(await store.FindAsync(clientId, CancellationToken.None)));
        return true;
    }

    /// <summary>The client as its profile has it. One that can't meet it is unknown to every endpoint, whenever it was registered.</summary>
    private Client? ApplyProfile(Client? client)
    {
        if (client is null)
            return null;
        client = ManageRoles.Apply(ClientProfile.Apply(client, options), options.Manage);
        foreach (var (member, problem) in ClientProfile.ProblemsOf(client, options))
        {
            // A metadata document is looked at for each request, and a stranger may send any number of them.
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
