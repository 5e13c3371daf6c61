using System.Globalization;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A partition for each day, with a row for each hour and instance. The key of a partition is that of the end of the day, so the timer prunes it like all
/// others.
/// </summary>
internal sealed class StatisticsStore(TableSet tables) : IStatisticsStore
{
    public static readonly TableDescription Statistics = new("Statistics") { Expires = true, Delay = _ => TimeSpan.FromDays(90) };

    private const string Hour = nameof(HourCounts.Hour);

    private readonly Table rows = tables[Statistics];

    public Task SaveAsync(string instance, HourCounts counts)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{counts.Hour.UtcDateTime:HH}-{instance}");
        var row = StoreJson.ToRow(PartitionOf(DateOnly.FromDateTime(counts.Hour.UtcDateTime)), key, counts.Counts);
        row[Hour] = counts.Hour;
        return rows.UpsertAsync(row);
    }

    public async Task<IReadOnlyList<HourCounts>> ListAsync(DateOnly day, CancellationToken cancellation) =>
        [.. (await rows.ListAsync($"PartitionKey eq '{PartitionOf(day)}'", null, cancellation)).Select(row => new HourCounts(row.Moment(Hour), StoreJson.FromRow<Dictionary<string, long>>(row)))];

    private static string PartitionOf(DateOnly day) => RecordAddress.PartitionKeyOf(0, new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
}
