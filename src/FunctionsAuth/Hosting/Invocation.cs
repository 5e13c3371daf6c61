using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsAuth.Hosting;

/// <summary>
/// One execution of a function. Work that it began and did not wait for still belongs to it after it has ended, but then the Functions
/// host knows it no more.
/// </summary>
internal sealed class Invocation
{
    private static readonly AsyncLocal<Invocation?> Current = new();
    private static readonly ConcurrentDictionary<Invocation, Task> Executing = new();

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Invocation()
    {
    }

    /// <summary>False in work of the background, whether an invocation began it or not.</summary>
    public static bool IsExecuting => Current.Value is { ended.Task.IsCompleted: false };

    /// <summary>Executes what follows as an invocation.</summary>
    public static async Task RunAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var invocation = Current.Value = new Invocation();
        Executing[invocation] = invocation.ended.Task;
        try
        {
            await next(context);
        }
        finally
        {
            Executing.TryRemove(invocation, out _);
            invocation.ended.SetResult();
        }
    }

    /// <summary>When all have ended that are executing now.</summary>
    public static Task AllEndedAsync() => Task.WhenAll(Executing.Values);
}
