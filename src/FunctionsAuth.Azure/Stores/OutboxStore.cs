using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class OutboxStore(TableSet tables) : IOutboxStore
{
    public static readonly TableDescription Outbox = new("Outbox") { Expires = true };

    // The column from which the address is read if a query found the row.
    private const string Address = nameof(OutboxItem.Address);

    private readonly Table rows = tables[Outbox];

    public Task InsertAsync(OutboxItem item, CancellationToken cancellation) => rows.InsertAsync(ToRow(item));

    public async Task<OutboxItem?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<WriteResult<OutboxItem>> TryReplaceAsync(OutboxItem item, CancellationToken cancellation)
    {
        var write = await rows.TryReplaceAsync(ToRow(item), item.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, item.Address));
    }

    public Task DeleteAsync(RecordAddress address, CancellationToken cancellation) => rows.DeleteAsync(address.PartitionKey, address.RowKey);

    public async IAsyncEnumerable<RecordAddress> FindOverdueAsync(DateTimeOffset moment, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var shard = 0; shard < RecordAddress.ShardCount; shard++)
        {
            // Only partitions that the timer does not prune yet are read.
            var (first, end) = (RecordAddress.PartitionKeyOf(shard, now), RecordAddress.PartitionKeyOf(shard, now.AddYears(1)));
            var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {end} and NextAttemptAt lt {moment}");
            await foreach (var page in rows.QueryAsync(filter, [Address], cancellation))
            {
                foreach (var row in page.Values)
                {
                    if (row.Address(Address) is { } address)
                        yield return address;
                }
            }
        }
    }

    private static TableEntity ToRow(OutboxItem item)
    {
        var row = EntityExtensions.At(item.Address);
        row[Address] = item.Address.ToString();
        row[nameof(OutboxItem.Kind)] = item.Kind;
        row[nameof(OutboxItem.Payload)] = item.Payload;
        row[nameof(OutboxItem.Until)] = item.Until;
        row[nameof(OutboxItem.Attempts)] = item.Attempts;
        row[nameof(OutboxItem.NextAttemptAt)] = item.NextAttemptAt;
        return row;
    }

    private static OutboxItem FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        Kind = row.Text(nameof(OutboxItem.Kind)),
        Payload = row.Bytes(nameof(OutboxItem.Payload)),
        Until = row.Moment(nameof(OutboxItem.Until)),
        Attempts = row.GetInt32(nameof(OutboxItem.Attempts)) ?? 0,
        NextAttemptAt = row.Moment(nameof(OutboxItem.NextAttemptAt)),
        Version = row.Version(),
    };
}
