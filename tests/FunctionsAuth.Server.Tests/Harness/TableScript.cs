using System.Collections.Concurrent;
using Azure;

namespace FunctionsAuth.Server.Tests.Harness;

/// <param name="Kind">read, query, insert, replace, merge, upsert, delete or transaction.</param>
public sealed record TableOperation(string Table, string Kind)
{
    public override string ToString() => $"{Table} {Kind}";
}

public enum FaultKind
{
    Status500,
    Status503,
    Status409,
    Status412,
    Timeout,
}

/// <param name="Applied">The operation was done, and only its answer is bad.</param>
/// <param name="At">Which operation, from 0, counted from the moment when the fault was armed.</param>
public sealed record Fault(FaultKind Kind, bool Applied, int At)
{
    public static IEnumerable<(FaultKind Kind, bool Applied)> Kinds =>
        from kind in Enum.GetValues<FaultKind>() from applied in (bool[])[false, true] select (kind, applied);

    public Exception Exception() => Kind switch
    {
        FaultKind.Status500 => new RequestFailedException(500, "Server encountered an internal error.", "InternalError", null),
        FaultKind.Status503 => new RequestFailedException(503, "The server is busy.", "ServerBusy", null),
        FaultKind.Status409 => new RequestFailedException(409, "The specified entity already exists.", "EntityAlreadyExists", null),
        FaultKind.Status412 => new RequestFailedException(412, "The update condition was not satisfied.", "UpdateConditionNotSatisfied", null),
        _ => new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."),
    };
}

/// <summary>Counts the operations on tables, lets one of them fail, or holds them back until others are under way.</summary>
public sealed class TableScript
{
    private readonly ConcurrentQueue<TableOperation> operations = new();
    private Fault? fault;
    private int count;
    private bool isDown;

    /// <summary>Since the script was armed.</summary>
    public IReadOnlyCollection<TableOperation> Operations => operations;

    /// <summary>Where operations wait for each other.</summary>
    public Rendezvous? Meeting { get; set; }

    /// <summary>The operation that is still applied, unanswered, and after which storage is down; null ends the outage.</summary>
    public string? Outage
    {
        get;
        set => (field, isDown) = (value, false);
    }

    /// <summary>Called before each operation.</summary>
    public Action<TableOperation>? Before { get; set; }

    /// <summary>Counts from zero, and lets that operation fail.</summary>
    public void Arm(Fault? next = null)
    {
        operations.Clear();
        count = 0;
        fault = next;
    }

    public async Task<T> RunAsync<T>(TableOperation operation, Func<Task<T>> run)
    {
        operations.Enqueue(operation);
        Before?.Invoke(operation);
        if (Meeting is { } meeting)
            await meeting.ArriveAsync(operation.ToString());
        if (isDown)
            throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        if (operation.ToString() == Outage)
        {
            await run();
            isDown = true;
            throw new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout.");
        }
        if (Interlocked.Increment(ref count) - 1 != fault?.At || fault is not { } due)
            return await run();
        if (due.Applied)
        {
            try
            {
                await run();
            }
            catch (RequestFailedException)
            {
                // It was refused: that answer is lost, too.
            }
        }
        throw due.Exception();
    }
}
