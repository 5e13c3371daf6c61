namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>
/// A place where several wait until all have come: whoever gets past it has shown that they were under way together. Then
/// the way is free.
/// </summary>
/// <param name="expected">Who must come; a name that stands there twice must come twice.</param>
public sealed class Rendezvous(params IReadOnlyList<string> expected)
{
    private readonly Lock gate = new();
    private readonly List<string> missing = [.. expected];
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long one waits for the others: nobody waits that long but where somebody never comes.</summary>
    public TimeSpan Patience { get; init; } = Harness.Patience.Limit;

    public bool IsComplete => all.Task.IsCompleted;

    /// <summary>Who did not come.</summary>
    public string Missing
    {
        get
        {
            lock (gate)
                return string.Join(", ", missing);
        }
    }

    /// <summary>Waits for the others; who is not expected passes.</summary>
    /// <exception cref="TimeoutException">Not all came.</exception>
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
