using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>The registered clients.</summary>
public interface IClientStore
{
    Task<Client?> FindAsync(string clientId, CancellationToken cancellation);

    /// <summary>The clients whose id begins like that, in the order of their ids, as tables sort them.</summary>
    /// <param name="prefix">Empty for all.</param>
    Task<ListPage<Client>> ListAsync(string prefix, ListRequest request, CancellationToken cancellation);

    /// <summary>Inserts the client if its version is empty, else replaces it if it still is as it was read.</summary>
    Task<WriteResult<Client>> TrySaveAsync(Client client, CancellationToken cancellation);

    /// <summary>Adds the client if no other has its id.</summary>
    /// <returns>False when one has.</returns>
    Task<bool> TryInsertAsync(Client client, CancellationToken cancellation);

    /// <summary>Replaces the client if it still is as it was read.</summary>
    Task<WriteResult<Client>> TryReplaceAsync(Client client, CancellationToken cancellation);

    /// <summary>Deletes the client if it still is as it was read. One that is gone counts as won.</summary>
    Task<WriteResult<Client>> TryDeleteAsync(Client client, CancellationToken cancellation);

    /// <summary>Keeps the id among those of <see cref="ListInPortalAsync"/>, or takes it out. Twice the same changes nothing.</summary>
    Task SetInPortalAsync(string clientId, bool isInPortal, CancellationToken cancellation);

    /// <summary>The ids of the clients that people find in the portal, in no particular order.</summary>
    Task<IReadOnlyList<string>> ListInPortalAsync(CancellationToken cancellation);

    /// <summary>Moves <see cref="ClientRegistration.LastUsedAt"/>. A client that was deleted meanwhile stays deleted.</summary>
    Task TouchAsync(string clientId, DateTimeOffset now, CancellationToken cancellation);
}
