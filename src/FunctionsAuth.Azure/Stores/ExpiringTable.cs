using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A table whose rows are stored at a <see cref="RecordAddress"/>. In each of its 16 shards, the partitions whose hour is over are found, and their rows are
/// deleted in transactions of 100.
/// </summary>
/// <param name="delay">The time between the end of the hour and the deletion.</param>
internal sealed class ExpiringTable(Table table, TimeSpan delay) : IExpiringTable
{
    private const int MaxTransaction = 100;

    private static readonly string[] Keys = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    public string Name => table.Name;

    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var page in FindExpiredAsync(table, now - delay, Keys, cancellation))
        {
            foreach (var partition in page.Values.GroupBy(row => row.PartitionKey))
            {
                foreach (var chunk in partition.Chunk(MaxTransaction))
                    count += await DeleteAsync(chunk, cancellation);
            }
        }
        return count;
    }

    /// <summary>The rows whose hour is over.</summary>
    public static async IAsyncEnumerable<Page<TableEntity>> FindExpiredAsync(
        Table table, DateTimeOffset now, IEnumerable<string>? select, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var shard = 0; shard < RecordAddress.ShardCount; shard++)
        {
            var first = RecordAddress.PartitionKeyOf(shard, DateTimeOffset.UnixEpoch);
            var end = RecordAddress.PartitionKeyOf(shard, now);
            var expired = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {end}");
            await foreach (var page in table.QueryAsync(expired, select, cancellation))
                yield return page;
        }
    }

    private async Task<int> DeleteAsync(TableEntity[] rows, CancellationToken cancellation)
    {
        var deletes = rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All));
        if (!await table.TrySubmitAsync(deletes, cancellation))
        {
            // Another run deletes the same rows. They are deleted one by one, and a row that is gone is not an error.
            foreach (var row in rows)
                await table.DeleteAsync(row.PartitionKey, row.RowKey);
        }
        return rows.Length;
    }
}
