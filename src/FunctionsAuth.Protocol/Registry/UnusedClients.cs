using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>A note that a client is to be deleted at some time, unless it is used until then.</summary>
/// <param name="Key">The address of the note, in the format of its store.</param>
public sealed record ClientEnd(string ClientId, (string Partition, string Row) Key);

/// <summary>Notes by the hour, so that finding the due notes costs only as much as there are due notes.</summary>
public interface IClientEndStore
{
    /// <summary>Stores a note that the client ends then. A repeated call is one note.</summary>
    Task NoteAsync(string clientId, DateTimeOffset endsAt, CancellationToken cancellation);

    /// <summary>The notes whose hour is over.</summary>
    IAsyncEnumerable<ClientEnd> FindDueAsync(DateTimeOffset now, CancellationToken cancellation);

    Task DeleteAsync(ClientEnd end, CancellationToken cancellation);
}

/// <summary>
/// Deletes clients that registered themselves and are no longer used. Each has a note at the hour of its end. A client that was used since gets a new
/// note. The run can be stopped at any point, because the old note is deleted last.
/// </summary>
public sealed class UnusedClients(IClientStore clients, IClientEndStore ends, ServerOptions options) : IExpiringTable
{
    public string Name => "Clients";

    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var end in ends.FindDueAsync(now, cancellation))
        {
            count += await EndAsync(end.ClientId, now, cancellation) ? 1 : 0;
            await ends.DeleteAsync(end, cancellation);
        }
        return count;
    }

    /// <returns>Whether it was deleted.</returns>
    private async Task<bool> EndAsync(string clientId, DateTimeOffset now, CancellationToken cancellation)
    {
        var wasDeleted = false;
        await CompareAndSwap.ChangeAsync(await clients.FindAsync(clientId, cancellation), EndedAsync, DeleteAsync, cancellation);
        return wasDeleted;

        // Null if the client no longer exists, was taken over by the operator, or was used since.
        async ValueTask<Client?> EndedAsync(Client? client)
        {
            if (client?.Registration is not { } registration)
                return null;
            var endsAt = registration.EndsAt(options.Registration.UnusedFor);
            if (now >= endsAt)
                return client;
            await ends.NoteAsync(clientId, endsAt, cancellation);
            return null;
        }

        async Task<WriteResult<Client>> DeleteAsync(Client client, CancellationToken stopping)
        {
            var result = await clients.TryDeleteAsync(client, stopping);
            wasDeleted = result.Won;
            return result;
        }
    }
}
