namespace FunctionsAuth.Protocol.Statistics;

/// <summary>What was counted in an hour.</summary>
/// <param name="Hour">Its beginning, in UTC.</param>
/// <param name="Counts">By one of <see cref="CounterNames"/>. What did not happen is not there.</param>
public sealed record HourCounts(DateTimeOffset Hour, IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>0 for what did not happen.</summary>
    public long this[string name] => Counts.GetValueOrDefault(name);
}

public interface IStatisticsStore
{
    /// <summary>Writes what an instance counted in an hour until now, in place of what it wrote before. No other instance writes that row.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task SaveAsync(string instance, HourCounts counts);

    /// <summary>What each instance counted in each hour of a day in UTC, in the order of the hours: one query.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    Task<IReadOnlyList<HourCounts>> ListAsync(DateOnly day, CancellationToken cancellation);
}
