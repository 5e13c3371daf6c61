namespace FunctionsAuth.Protocol.Clients;

/// <summary>The registered clients.</summary>
public interface IClientStore
{
    Task<Client?> FindAsync(string clientId, CancellationToken cancellation);

    /// <summary>Adds the client, or replaces the one with the same id.</summary>
    Task SaveAsync(Client client, CancellationToken cancellation);
}
