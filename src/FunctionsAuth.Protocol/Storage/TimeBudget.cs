namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// How long one request may wait for storage and the key vault, in all its waits together. Each call has time-outs and retries of its own;
/// without a common limit, several slow calls would add up to more than any client or host waits for. What the request does by itself, such
/// as hashing a password on a busy machine, does not count.
/// <para>It belongs to the request that began it, and goes wherever that request's work goes. Timers and commands have no limit.</para>
/// </summary>
public static class TimeBudget
{
    public static readonly TimeSpan OfRequest = TimeSpan.FromSeconds(10);

    private static readonly AsyncLocal<Request?> Current = new();

    /// <summary>The remaining time, zero or less if there is none; null if there is no limit.</summary>
    public static TimeSpan? Remaining => Current.Value?.Remaining;

    /// <summary>Begins the time of the request that is being handled.</summary>
    public static void Begin(TimeProvider clock) => Current.Value = new Request(clock);

    /// <summary>Waits for the operation while there is time. After that, the operation may still complete, but its result is lost.</summary>
    /// <exception cref="TimeoutException">The time is over. If it was over at the beginning, the operation was not started.</exception>
    public static async Task<T> SpendAsync<T>(Func<Task<T>> operation)
    {
        if (Current.Value is not { } request)
            return await operation();
        if (request.Remaining <= TimeSpan.Zero)
            throw new TimeoutException("The request has waited for storage and the key vault for as long as it may");
        request.Enter();
        try
        {
            var running = operation();
            return running.IsCompleted ? await running : await running.WaitAsync(request.Remaining is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero, request.Clock);
        }
        finally
        {
            request.Leave();
        }
    }

    /// <summary>The time during which at least one call is under way; calls at the same time count once.</summary>
    private sealed class Request(TimeProvider clock)
    {
        private readonly Lock gate = new();
        private int running;
        private long since;
        private TimeSpan spent;

        public TimeProvider Clock => clock;

        public TimeSpan Remaining
        {
            get
            {
                lock (gate)
                    return OfRequest - spent - (running > 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero);
            }
        }

        public void Enter()
        {
            lock (gate)
            {
                if (running++ == 0)
                    since = clock.GetTimestamp();
            }
        }

        public void Leave()
        {
            lock (gate)
            {
                if (--running == 0)
                    spent += clock.GetElapsedTime(since);
            }
        }
    }
}
