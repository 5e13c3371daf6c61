namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>
/// A clock that stands still until a test moves it. It starts in 2040, so that no cookie has expired by the real clock. No limit of the server is reached
/// only because the machine is busy.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Limit> running = [];
    private long ticks = new DateTimeOffset(2040, 3, 1, 12, 0, 0, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Moves the time of the clock. No timer fires: tests call the timer functions directly.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    /// <summary>The number of callers that wait for something with this time limit.</summary>
    public int Waiting(TimeSpan limit)
    {
        lock (gate)
            return running.Count(one => one.Length == limit);
    }

    /// <summary>Moves the clock by this time, and ends all waits whose time limit is not longer.</summary>
    public void RunOut(TimeSpan limit)
    {
        Advance(limit);
        List<Limit> over;
        lock (gate)
            over = running.FindAll(one => one.Length <= limit);
        foreach (var one in over)
            one.RunOut();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var limit = new Limit(this, callback, state);
        limit.Change(dueTime, period);
        return limit;
    }

    private sealed class Limit(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Length { get; private set; }

        public void RunOut()
        {
            Dispose();
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.running.Remove(this);
                Length = dueTime;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    clock.running.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.running.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
