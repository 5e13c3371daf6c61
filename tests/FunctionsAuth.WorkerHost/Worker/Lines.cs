namespace FunctionsAuth.WorkerHost.Worker;

/// <summary>Lines that come one after the other, to be looked at or waited for.</summary>
public sealed class Lines<T>
{
    private readonly List<T> lines = [];
    private readonly List<(Predicate<T> IsIt, TaskCompletionSource<T> Found)> waiting = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public void Add(T line)
    {
        lock (lines)
        {
            lines.Add(line);
            foreach (var (_, found) in waiting.Where(one => one.IsIt(line)))
                found.TrySetResult(line);
            waiting.RemoveAll(one => one.Found.Task.IsCompleted);
        }
    }

    /// <summary>The first such line, be it there already or not yet.</summary>
    public Task<T> FirstAsync(Predicate<T> isIt)
    {
        lock (lines)
        {
            var index = lines.FindIndex(isIt);
            if (index >= 0)
                return Task.FromResult(lines[index]);
            var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((isIt, found));
            return found.Task;
        }
    }
}
