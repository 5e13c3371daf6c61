using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Pushed requests. They are stored in the table of the parked requests, in rows with a mark.</summary>
internal sealed class PushedRequestStore(TableSet tables) : IPushedRequestStore
{
    public const string Mark = "IsPushed";

    private readonly Table rows = tables[RequestStore.Requests];

    public Task InsertAsync(PushedRequest request, CancellationToken cancellation) => rows.InsertAsync(ToRow(request));

    public async Task<PushedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row && IsPushed(row) ? FromRow(row, address) : null;

    public async Task<WriteResult<PushedRequest>> TryReplaceAsync(PushedRequest request, CancellationToken cancellation)
    {
        var write = await rows.TryReplaceAsync(ToRow(request), request.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, request.Address));
    }

    public static bool IsPushed(TableEntity row) => row.GetBoolean(Mark) == true;

    private static TableEntity ToRow(PushedRequest request)
    {
        var row = EntityExtensions.At(request.Address);
        row[Mark] = true;
        row[nameof(PushedRequest.Encoded)] = request.Encoded;
        row[nameof(PushedRequest.ExpiresAt)] = request.ExpiresAt;
        row[nameof(PushedRequest.CompletedAt)] = request.CompletedAt;
        return row;
    }

    private static PushedRequest FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        Encoded = row.Text(nameof(PushedRequest.Encoded)),
        ExpiresAt = row.Moment(nameof(PushedRequest.ExpiresAt)),
        CompletedAt = row.GetDateTimeOffset(nameof(PushedRequest.CompletedAt)),
        Version = row.Version(),
    };
}
