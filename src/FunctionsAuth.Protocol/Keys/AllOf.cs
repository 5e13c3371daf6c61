namespace FunctionsAuth.Protocol.Keys;

/// <summary>Starts all at the same time and waits for them, which costs nothing when, as nearly always, all are done at once.</summary>
internal static class AllOf
{
    public static ValueTask WaitAsync<T>(IEnumerable<T> items, Func<T, ValueTask> start)
    {
        List<Task>? waiting = null;
        foreach (var item in items)
        {
            var task = start(item);
            if (!task.IsCompletedSuccessfully)
                (waiting ??= []).Add(task.AsTask());
        }
        return waiting is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(waiting));
    }
}
