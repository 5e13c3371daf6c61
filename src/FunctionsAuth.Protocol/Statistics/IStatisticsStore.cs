namespace FunctionsAuth.Protocol.Statistics;

/// <summary>The counts of an hour.</summary>
/// <param name="Hour">Its beginning, in UTC.</param>
/// <param name="Counts">The counts by one of <see cref="CounterNames"/>. Counters with zero are left out.</param>
public sealed record HourCounts(DateTimeOffset Hour, IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>The count, 0 if there is none.</summary>
    public long this[string name] => Counts.GetValueOrDefault(name);
}

public interface IStatisticsStore
{
    /// <summary>Writes the counts of an instance for an hour so far, and replaces its earlier write. No other instance writes this row.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task SaveAsync(string instance, HourCounts counts);

    /// <summary>The counts of each instance for each hour of a day in UTC, in the order of the hours: one query.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    Task<IReadOnlyList<HourCounts>> ListAsync(DateOnly day, CancellationToken cancellation);
}
