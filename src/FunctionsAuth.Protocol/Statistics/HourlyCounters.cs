using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Statistics;

/// <summary>
/// Counts for dashboards in memory, and writes the counts at most once a minute. Each instance has its own rows, so writes do not conflict. A row has
/// the sum of its hour, so a repeated write does no harm. An instance that is killed loses its counts since the last write.
/// </summary>
public sealed partial class HourlyCounters(IStatisticsStore store, ServerOptions options, TimeProvider clock, ILogger<HourlyCounters> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lazy<string> instance = new(() => RandomNumberGenerator.GetHexString(16, lowercase: true));
    private readonly Lock gate = new();

    // One or two most of the time, oldest first.
    private readonly List<CountedHour> hours = [];
    private DateTimeOffset nextWrite = clock.GetUtcNow() + Pause;
    private bool isWriting;

    /// <param name="name">One of <see cref="CounterNames"/>.</param>
    public void Add(string name)
    {
        if (!options.Statistics.Enabled)
            return;
        lock (gate)
        {
            var hour = HourOf(clock.GetUtcNow());
            if (Find(hour) is not { } counted)
            {
                hours.Add(counted = new CountedHour(hour));
                hours.Sort((one, other) => one.Hour.CompareTo(other.Hour));
            }
            CollectionsMarshal.GetValueRefOrAddDefault(counted.Counts, name, out _)++;
            counted.IsWritten = false;
        }
    }

    /// <summary>Writes one row if the last write was a minute ago and there are new counts. It never fails.</summary>
    public async Task WriteIfDueAsync()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (now < nextWrite || isWriting || Oldest() is null)
                return;
            nextWrite = now + Pause;
            isWriting = true;
        }
        await WriteAsync(1);
    }

    /// <summary>Writes all counts that are not written yet. It never fails.</summary>
    public async Task WriteAllAsync()
    {
        lock (gate)
        {
            if (isWriting)
                return;
            isWriting = true;
        }
        await WriteAsync(int.MaxValue);
    }

    private async Task WriteAsync(int most)
    {
        HourCounts? current = null;
        try
        {
            for (var count = 0; count < most && (current = Take()) is not null; count++)
                await store.SaveAsync(instance.Value, current);
        }
        catch (TemporarilyUnavailableException e)
        {
            Return(current!.Hour);
            LogNotWritten(e);
        }
        finally
        {
            lock (gate)
                isWriting = false;
        }
    }

    /// <summary>The oldest hour that is not written. It is written first, so that a finished hour is never left out.</summary>
    private CountedHour? Oldest() => hours.Find(hour => !hour.IsWritten);

    private HourCounts? Take()
    {
        lock (gate)
        {
            var now = HourOf(clock.GetUtcNow());
            hours.RemoveAll(hour => hour.IsWritten && hour.Hour < now);
            if (Oldest() is not { } oldest)
                return null;
            oldest.IsWritten = true;
            return new HourCounts(oldest.Hour, new Dictionary<string, long>(oldest.Counts));
        }
    }

    private void Return(DateTimeOffset hour)
    {
        lock (gate)
            Find(hour)!.IsWritten = false;
    }

    /// <summary>It is asked for each count, so nothing is allocated.</summary>
    private CountedHour? Find(DateTimeOffset hour)
    {
        foreach (var counted in hours)
        {
            if (counted.Hour == hour)
                return counted;
        }
        return null;
    }

    private static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    [LoggerMessage(4101, LogLevel.Warning, "The hourly counters could not be written; they are written later")]
    private partial void LogNotWritten(Exception exception);

    private sealed class CountedHour(DateTimeOffset hour)
    {
        public DateTimeOffset Hour => hour;

        public Dictionary<string, long> Counts { get; } = [];

        public bool IsWritten { get; set; }
    }
}
