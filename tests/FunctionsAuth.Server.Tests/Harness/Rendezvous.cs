namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>
/// Lets several callers wait until all of them have arrived. A caller that passes has proved that all of them were running at the same time. After that,
/// nobody waits any more.
/// </summary>
/// <param name="expected">The names of the callers. A name that is listed twice must arrive twice.</param>
public sealed class Rendezvous(params IReadOnlyList<string> expected)
{
    private readonly Lock gate = new();
    private readonly List<string> missing = [.. expected];
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The maximum time to wait for the others. It passes only if a caller never arrives.</summary>
    public TimeSpan Patience { get; init; } = Harness.Patience.Limit;

    public bool IsComplete => all.Task.IsCompleted;

    /// <summary>The names that have not arrived.</summary>
    public string Missing
    {
        get
        {
            lock (gate)
                return string.Join(", ", missing);
        }
    }

    /// <summary>Waits for the others. A caller that is not expected passes at once.</summary>
    /// <exception cref="TimeoutException">Not all callers arrived.</exception>
    public Task ArriveAsync(string who)
    {
        lock (gate)
        {
            if (!missing.Remove(who))
                return Task.CompletedTask;
            if (missing.Count == 0)
                all.SetResult();
        }
        return all.Task.WaitAsync(Patience);
    }
}
