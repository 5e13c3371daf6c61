using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Azure.Stores;

internal sealed class ReferenceTokenStore(TableSet tables) : IReferenceTokenStore
{
    public static readonly TableDescription AccessTokens = new("AccessTokens") { Expires = true };

    private readonly Table rows = tables[AccessTokens];

    public Task InsertAsync(ReferenceToken token, CancellationToken cancellation)
    {
        var row = EntityExtensions.At(token.Address);
        row[nameof(ReferenceToken.Hash)] = token.Hash;
        row[nameof(ReferenceToken.Payload)] = token.Payload;
        return rows.InsertAsync(row);
    }

    public async Task<ReferenceToken?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row
            ? new ReferenceToken(address, row.Bytes(nameof(ReferenceToken.Hash)), row.Text(nameof(ReferenceToken.Payload)))
            : null;

    public Task DeleteAsync(RecordAddress address, CancellationToken cancellation) => rows.DeleteAsync(address.PartitionKey, address.RowKey);
}
