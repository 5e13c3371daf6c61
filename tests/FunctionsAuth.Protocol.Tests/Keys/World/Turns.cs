namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>Runs code that awaits on the thread of the test, in the same order every time, and what it left to be done in the background when told.</summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue((d, state));

    /// <param name="start">Nothing in it may wait for the outside.</param>
    public void Run(Func<Task> start) => Run(async () =>
    {
        await start();
        return true;
    });

    /// <param name="start">Nothing in it may wait for the outside.</param>
    public T Run<T>(Func<Task<T>> start)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = start();
            while (!task.IsCompleted)
                Next();
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>What was begun and not awaited.</summary>
    public void RunBackground() => Run(() =>
    {
        while (posted.Count > 0)
            Next();
        return Task.CompletedTask;
    });

    private void Next()
    {
        var (callback, state) = posted.Dequeue();
        callback(state);
    }
}
