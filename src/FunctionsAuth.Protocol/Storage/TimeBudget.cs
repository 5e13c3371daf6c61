namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// The time of one request for all its waits for storage and the key vault together. Each call has time-outs and retries of its own;
/// without a common limit, several slow calls would add up to more than any client or host waits for.
/// <para>It belongs to the request that began it, and goes wherever that request's work goes. Timers and commands have no limit.</para>
/// </summary>
public static class TimeBudget
{
    /// <summary>From the beginning of the request.</summary>
    public static readonly TimeSpan OfRequest = TimeSpan.FromSeconds(10);

    private static readonly AsyncLocal<Request?> Current = new();

    /// <summary>What is left, zero or less when the time is over; null where there is no limit.</summary>
    public static TimeSpan? Remaining => Current.Value?.Remaining;

    /// <summary>Begins the time of the request that is being handled.</summary>
    public static void Begin(TimeProvider clock) => Current.Value = new Request(clock, clock.GetTimestamp());

    /// <summary>Waits for the operation as long as there is time. After that it may still complete, and nobody will know.</summary>
    /// <exception cref="TimeoutException">The time is over. If it was over before, the operation was not begun.</exception>
    public static async Task<T> SpendAsync<T>(Func<Task<T>> operation)
    {
        if (Current.Value is not { } request)
            return await operation();
        if (request.Remaining <= TimeSpan.Zero)
            throw new TimeoutException("The time of the request is over");
        var running = operation();
        return running.IsCompleted ? await running : await running.WaitAsync(request.Remaining, request.Clock);
    }

    private sealed record Request(TimeProvider Clock, long Began)
    {
        public TimeSpan Remaining => OfRequest - Clock.GetElapsedTime(Began);
    }
}
