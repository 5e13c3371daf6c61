using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>One row for each client, at the hour of the client's end. Its key is the client id, so an end that is noted twice makes only one row.</summary>
internal sealed class ClientEndStore(TableSet tables) : IClientEndStore
{
    public static readonly TableDescription ClientEnds = new("ClientEnds") { IsCopied = true };

    private readonly Table rows = tables[ClientEnds];

    public Task NoteAsync(string clientId, DateTimeOffset endsAt, CancellationToken cancellation)
    {
        var row = EntityExtensions.At(RecordAddress.Of(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)), endsAt));
        row[nameof(Client.ClientId)] = clientId;
        return rows.TryInsertAsync(row);
    }

    public async IAsyncEnumerable<ClientEnd> FindDueAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in ExpiringTable.FindExpiredAsync(rows, now, null, cancellation))
        {
            foreach (var row in page.Values)
                yield return new ClientEnd(row.Text(nameof(Client.ClientId)), (row.PartitionKey, row.RowKey));
        }
    }

    public Task DeleteAsync(ClientEnd end, CancellationToken cancellation) => rows.DeleteAsync(end.Key.Partition, end.Key.Row);
}
