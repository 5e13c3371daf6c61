using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// The metadata is one text. The properties of the registration are stored separately in the same row, so that a use can be merged into the row.
/// </summary>
internal sealed class ClientStore(TableSet tables) : IClientStore
{
    public static readonly TableDescription Clients = new("Clients") { IsCopied = true };

    public static readonly TableDescription Portal = new("Portal") { IsCopied = true };

    private readonly Table rows = tables[Clients];
    private readonly Table portal = tables[Portal];

    private const string RowKey = "client";

    // All rows are in one partition, because they are read together.
    private const string PortalPartition = "portal";

    public async Task<Client?> FindAsync(string clientId, CancellationToken cancellation) =>
        await rows.FindAsync(KeyText.Of(clientId), RowKey, cancellation) is { } row ? FromRow(row) : null;

    public async Task<ListPage<Client>> ListAsync(string prefix, ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync(prefix.Length == 0 ? null : KeyText.PartitionsBeginningWith(prefix), request, cancellation);
        return page.With(page.Items.Select(FromRow));
    }

    public async Task<WriteResult<Client>> TrySaveAsync(Client client, CancellationToken cancellation) =>
        ResultOf(await rows.TrySaveAsync(ToRow(client), client.Version));

    public async Task<bool> TryInsertAsync(Client client, CancellationToken cancellation) => (await rows.TryInsertAsync(ToRow(client))).Won;

    public async Task<WriteResult<Client>> TryReplaceAsync(Client client, CancellationToken cancellation) =>
        ResultOf(await rows.TryReplaceAsync(ToRow(client), client.Version));

    public async Task<WriteResult<Client>> TryDeleteAsync(Client client, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(KeyText.Of(client.ClientId), RowKey, client.Version));

    public Task TouchAsync(string clientId, DateTimeOffset now, CancellationToken cancellation) =>
        // A merge never creates a row, so a client that was deleted meanwhile stays deleted.
        rows.MergeAsync(new TableEntity(KeyText.Of(clientId), RowKey) { [nameof(ClientRegistration.LastUsedAt)] = now });

    public Task SetInPortalAsync(string clientId, bool isInPortal, CancellationToken cancellation) => isInPortal
        ? portal.UpsertAsync(new TableEntity(PortalPartition, KeyText.Of(clientId)) { [nameof(Client.ClientId)] = clientId })
        : portal.DeleteAsync(PortalPartition, KeyText.Of(clientId));

    public async Task<IReadOnlyList<string>> ListInPortalAsync(CancellationToken cancellation) =>
        [.. (await portal.ListAsync($"PartitionKey eq '{PortalPartition}'", null, cancellation)).Select(row => row.Text(nameof(Client.ClientId)))];

    private static WriteResult<Client> ResultOf(TableWrite write) => new(write.Won, write.Row is null ? null : FromRow(write.Row));

    private static TableEntity ToRow(Client client)
    {
        var row = StoreJson.ToRow(KeyText.Of(client.ClientId), RowKey, client);
        if (client.Registration is not { } registration)
            return row;
        row[nameof(ClientRegistration.RegisteredAt)] = registration.RegisteredAt;
        row[nameof(ClientRegistration.LastUsedAt)] = registration.LastUsedAt;
        row[nameof(ClientRegistration.TokenHash)] = registration.TokenHash;
        row[nameof(ClientRegistration.NextTokenHash)] = registration.NextTokenHash;
        row[nameof(ClientRegistration.RotationSalt)] = registration.RotationSalt;
        row[nameof(ClientRegistration.HadInitialAccess)] = registration.HadInitialAccess;
        return row;
    }

    private static Client FromRow(TableEntity row) => StoreJson.FromRow<Client>(row) with
    {
        Registration = row.GetDateTimeOffset(nameof(ClientRegistration.RegisteredAt)) is not { } registeredAt ? null : new ClientRegistration
        {
            RegisteredAt = registeredAt,
            LastUsedAt = row.Moment(nameof(ClientRegistration.LastUsedAt)),
            TokenHash = row.Bytes(nameof(ClientRegistration.TokenHash)),
            NextTokenHash = row.GetBinary(nameof(ClientRegistration.NextTokenHash)),
            RotationSalt = row.GetBinary(nameof(ClientRegistration.RotationSalt)),
            HadInitialAccess = row.GetBoolean(nameof(ClientRegistration.HadInitialAccess)) ?? false,
        },
        Version = row.Version(),
    };
}
