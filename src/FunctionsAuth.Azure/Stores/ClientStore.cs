using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Azure.Stores;

internal sealed class ClientStore(TableSet tables) : IClientStore
{
    private const string RowKey = "client";

    public async Task<Client?> FindAsync(string clientId, CancellationToken cancellation) =>
        await tables.Clients.FindAsync(KeyText.Of(clientId), RowKey, cancellation) is { } row ? StoreJson.FromRow<Client>(row) : null;

    public Task SaveAsync(Client client, CancellationToken cancellation) =>
        tables.Clients.UpsertAsync(StoreJson.ToRow(KeyText.Of(client.ClientId), RowKey, client));
}
