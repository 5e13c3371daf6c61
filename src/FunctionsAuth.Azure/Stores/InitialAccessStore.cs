using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class InitialAccessStore(TableSet tables) : IInitialAccessStore
{
    public static readonly TableDescription RegistrationTokens = new("RegistrationTokens") { Expires = true };

    public static readonly TableDescription TokenList = new("RegistrationTokenList");

    private readonly Table rows = tables[RegistrationTokens];
    private readonly Table list = tables[TokenList];

    private const string AddressText = "Address";

    // The counts of open registration are in the same table, one for each source. So there is a separate list of the tokens.
    private const string ListPartition = "tokens";

    public async Task<InitialAccess?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<ListPage<InitialAccess>> ListAsync(ListRequest request, CancellationToken cancellation)
    {
        var page = await list.PageAsync($"PartitionKey eq '{ListPartition}'", request, cancellation);
        List<InitialAccess> found = [];
        foreach (var row in page.Items)
        {
            if (row.Address(AddressText) is { } address && await FindAsync(address, cancellation) is { } token)
                found.Add(token);
            else
                await list.DeleteAsync(row.PartitionKey, row.RowKey);
        }
        return new(found, page.Next);
    }

    public async Task<WriteResult<InitialAccess>> TrySaveAsync(InitialAccess access, CancellationToken cancellation)
    {
        if (access is { IsToken: true, Version: "" })
            await list.UpsertAsync(new TableEntity(ListPartition, $"{access.Address.PartitionKey[1..]}{access.Address.PartitionKey[..1]}{access.Address.RowKey}") { [AddressText] = access.Address.ToString() });
        var write = await rows.TrySaveAsync(ToRow(access), access.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, access.Address));
    }

    public Task DeleteAsync(RecordAddress address, CancellationToken cancellation) => rows.DeleteAsync(address.PartitionKey, address.RowKey);

    public async IAsyncEnumerable<InitialAccess> ListTokensAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in rows.QueryAsync(null, null, cancellation))
        {
            foreach (var row in page.Values)
            {
                if (row.Address(AddressText) is { } address && FromRow(row, address) is { IsToken: true } token)
                    yield return token;
            }
        }
    }

    private static TableEntity ToRow(InitialAccess access)
    {
        var row = EntityExtensions.At(access.Address);
        row[AddressText] = access.Address.ToString();
        row[nameof(InitialAccess.SecretHash)] = access.SecretHash;
        row[nameof(InitialAccess.Label)] = access.Label;
        row[nameof(InitialAccess.Limit)] = access.Limit;
        row[nameof(InitialAccess.Used)] = access.Used;
        row[nameof(InitialAccess.ExpiresAt)] = access.ExpiresAt;
        return row;
    }

    private static InitialAccess FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        SecretHash = row.GetBinary(nameof(InitialAccess.SecretHash)),
        Label = row.GetString(nameof(InitialAccess.Label)) ?? "",
        Limit = row.GetInt32(nameof(InitialAccess.Limit)) ?? 0,
        Used = row.GetInt32(nameof(InitialAccess.Used)) ?? 0,
        ExpiresAt = row.Moment(nameof(InitialAccess.ExpiresAt)),
        Version = row.Version(),
    };
}
