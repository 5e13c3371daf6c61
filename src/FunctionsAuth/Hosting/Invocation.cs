using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsAuth.Hosting;

/// <summary>
/// One execution of a function. If it starts work and does not wait for it, the work still belongs to the invocation after its end, but the Functions host
/// does not know the invocation any more.
/// </summary>
internal sealed class Invocation
{
    private static readonly AsyncLocal<Invocation?> Current = new();
    private static readonly ConcurrentDictionary<Invocation, Task> Executing = new();

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Invocation()
    {
    }

    /// <summary>False in background work, even if an invocation started it.</summary>
    public static bool IsExecuting => Current.Value is { ended.Task.IsCompleted: false };

    /// <summary>Executes a function as an invocation.</summary>
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

    /// <summary>Completes when all current invocations have ended.</summary>
    public static Task AllEndedAsync() => Task.WhenAll(Executing.Values);
}
