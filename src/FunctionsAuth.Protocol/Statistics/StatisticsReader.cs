namespace FunctionsAuth.Protocol.Statistics;

/// <summary>Reads the counts of all instances.</summary>
public sealed class StatisticsReader(IStatisticsStore store)
{
    // The number of days that are read at the same time.
    private const int Width = 16;

    /// <summary>The sums of each hour that begins at or after one moment and before another one, the earliest first: one query for each day.</summary>
    /// <returns>Hours without counts are left out. Counts of the last minute may be missing.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<IReadOnlyList<HourCounts>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        List<HourCounts> rows = [];
        foreach (var days in Days(from, to).Chunk(Width))
            rows.AddRange((await Task.WhenAll(days.Select(day => store.ListAsync(day, cancellation)))).SelectMany(day => day));
        return [.. rows.Where(row => row.Hour >= from && row.Hour < to).GroupBy(row => row.Hour).OrderBy(hour => hour.Key).Select(hour => new HourCounts(hour.Key, SumOf(hour)))];
    }

    private static IEnumerable<DateOnly> Days(DateTimeOffset from, DateTimeOffset to)
    {
        for (var day = from.UtcDateTime.Date; day < to.UtcDateTime; day = day.AddDays(1))
            yield return DateOnly.FromDateTime(day);
    }

    private static Dictionary<string, long> SumOf(IEnumerable<HourCounts> rows) =>
        rows.SelectMany(row => row.Counts).GroupBy(count => count.Key).ToDictionary(counter => counter.Key, counter => counter.Sum(count => count.Value));
}
