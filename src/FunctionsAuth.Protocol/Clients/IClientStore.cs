using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>The registered clients.</summary>
public interface IClientStore
{
    Task<Client?> FindAsync(string clientId, CancellationToken cancellation);

    /// <summary>The clients whose id has this beginning, in the order of their ids, as tables sort them.</summary>
    /// <param name="prefix">Empty for all.</param>
    Task<ListPage<Client>> ListAsync(string prefix, ListRequest request, CancellationToken cancellation);

    /// <summary>Inserts the client if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<Client>> TrySaveAsync(Client client, CancellationToken cancellation);

    /// <summary>Adds the client if no other client has its id.</summary>
    /// <returns>False when another client has the id.</returns>
    Task<bool> TryInsertAsync(Client client, CancellationToken cancellation);

    /// <summary>Replaces the client if it has not changed since it was read.</summary>
    Task<WriteResult<Client>> TryReplaceAsync(Client client, CancellationToken cancellation);

    /// <summary>Deletes the client if it has not changed since it was read. If it no longer exists, this counts as success.</summary>
    Task<WriteResult<Client>> TryDeleteAsync(Client client, CancellationToken cancellation);

    /// <summary>Adds the id to the ids of <see cref="ListInPortalAsync"/>, or removes it. A repeated call changes nothing.</summary>
    Task SetInPortalAsync(string clientId, bool isInPortal, CancellationToken cancellation);

    /// <summary>The ids of the clients in the portal, in no particular order.</summary>
    Task<IReadOnlyList<string>> ListInPortalAsync(CancellationToken cancellation);

    /// <summary>Updates <see cref="ClientRegistration.LastUsedAt"/>. A client that was deleted in the meantime stays deleted.</summary>
    Task TouchAsync(string clientId, DateTimeOffset now, CancellationToken cancellation);
}
