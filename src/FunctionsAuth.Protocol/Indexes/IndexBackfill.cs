using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Indexes;

/// <summary>
/// Writes the index entries for records that are older than the indexes. It walks over all users and consents, some thousand in a run, and once more
/// a day later, because instances of an earlier release may have written records meanwhile. After that, a run is one read.
/// </summary>
public sealed partial class IndexBackfill(IIndexStore store, TimeProvider clock, ILogger<IndexBackfill> log)
{
    private const int Walks = 2;
    private const int PartsInRun = 5;

    private static readonly TimeSpan BetweenWalks = TimeSpan.FromDays(1);

    /// <summary>Continues where the last run stopped. It can be stopped at any point, and two runs at the same time do no harm.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var walk = await store.FindWalkAsync(cancellation) ?? new IndexWalk();
        for (var parts = 0; parts < PartsInRun && IsDue(walk); parts++)
        {
            var result = await store.TrySaveWalkAsync(await NextAsync(walk, cancellation), cancellation);
            // Another run is in progress.
            if (!result.Won)
                return;
            walk = result.Current!;
        }
    }

    /// <summary>Writes all index entries now, whatever was done before.</summary>
    /// <returns>The number of records.</returns>
    public async Task<int> RebuildAsync(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var records in Enum.GetValues<IndexedRecords>())
        {
            string? position = null;
            do
            {
                (var written, position) = await store.WriteAsync(records, new(ListRequest.MostOfAll, position), cancellation);
                count += written;
            }
            while (position is not null);
        }
        await CompareAndSwap.ChangeAsync(await store.FindWalkAsync(cancellation), Ended, store.TrySaveWalkAsync, cancellation);
        return count;

        // It counts as the first walk. The last walk still follows a day later.
        IndexWalk? Ended(IndexWalk? current) => current?.Ended >= Walks ? null : End((current ?? new IndexWalk()) with { Ended = 0 });
    }

    private bool IsDue(IndexWalk walk) => walk.Ended < Walks && (walk.EndedAt is not { } ended || ended + BetweenWalks <= clock.GetUtcNow());

    private async Task<IndexWalk> NextAsync(IndexWalk walk, CancellationToken cancellation)
    {
        var (count, next) = await store.WriteAsync(walk.Records, new(ListRequest.MostOfAll, walk.Position), cancellation);
        LogWritten(count, walk.Records);
        if (next is not null)
            return walk with { Position = next };
        return walk.Records == IndexedRecords.Users ? walk with { Records = IndexedRecords.Consents, Position = null } : End(walk);
    }

    private IndexWalk End(IndexWalk walk) => new()
    {
        Ended = walk.Ended + 1,
        EndedAt = clock.GetUtcNow(),
        Version = walk.Version,
    };

    [LoggerMessage(4004, LogLevel.Information, "The indexes have {Count} more of the {Records}")]
    private partial void LogWritten(int count, IndexedRecords records);
}
