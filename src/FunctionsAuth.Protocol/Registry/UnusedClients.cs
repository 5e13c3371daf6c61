using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>A note that a client ends at some moment, unless it was used since.</summary>
/// <param name="Key">Where the note stands; only its store knows what that means.</param>
public sealed record ClientEnd(string ClientId, (string Partition, string Row) Key);

/// <summary>Notes by the hour, so that finding what is due costs as much as is due.</summary>
public interface IClientEndStore
{
    /// <summary>Notes that the client ends then. Twice the same is one note.</summary>
    Task NoteAsync(string clientId, DateTimeOffset endsAt, CancellationToken cancellation);

    /// <summary>The notes whose hour is over.</summary>
    IAsyncEnumerable<ClientEnd> FindDueAsync(DateTimeOffset now, CancellationToken cancellation);

    Task DeleteAsync(ClientEnd end, CancellationToken cancellation);
}

/// <summary>
/// Deletes clients that registered themselves and are not used any more. Each has a note at the hour of its end; one that was
/// used since gets another note. It can be stopped anywhere: the old note goes last.
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

        // Null where the client is gone, or meanwhile the operator's own, or was used since.
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
