using System.Collections.Concurrent;
using System.Threading.Channels;
using FunctionsAuth.WorkerHost.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.WorkerHost.Worker;

/// <summary>A line that the host would put into its log.</summary>
public sealed record LogLine(string InvocationId, string Category, LogLevel Level, string EventId, string Message, string? Exception);

/// <summary>How an invocation ended.</summary>
/// <param name="Failure">Why it failed.</param>
public sealed record InvocationOutcome(string Id, string Function, bool HasSucceeded, string? Failure);

/// <summary>The host's end of the one stream that a worker opens.</summary>
internal sealed class WorkerChannel : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> outbound = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> asked = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> executing = new();
    private volatile bool hasEnded;

    /// <summary>When the worker has opened its stream.</summary>
    public Task Started => started.Task;

    public Lines<InvocationOutcome> Invocations { get; } = new();

    /// <summary>What was logged while the invocation was executing that it belongs to.</summary>
    public Lines<LogLine> Logs { get; } = new();

    /// <summary>What the host drops because it belongs to no invocation that is executing.</summary>
    public Lines<LogLine> DroppedLogs { get; } = new();

    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var writing = WriteAsync(responseStream, ending.Token);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(ending.Token))
                Receive(message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The worker's process has ended.
        }
        finally
        {
            await ending.CancelAsync();
            await writing;
            End();
        }
    }

    public void Send(StreamingMessage message) => outbound.Writer.TryWrite(message);

    /// <summary>Sends a request and waits for the answer that has its id.</summary>
    public Task<StreamingMessage> AskAsync(StreamingMessage request)
    {
        request.RequestId = Guid.NewGuid().ToString();
        var answer = Wait(asked, request.RequestId);
        Send(request);
        return answer;
    }

    /// <summary>Sends an invocation. What the worker logs about it arrives until it answers.</summary>
    public async Task<InvocationOutcome> InvokeAsync(InvocationRequest request, string function)
    {
        var response = Wait(executing, request.InvocationId);
        Send(new StreamingMessage { InvocationRequest = request });
        var outcome = await OutcomeAsync(request.InvocationId, function, response);
        Invocations.Add(outcome);
        return outcome;
    }

    private static async Task<InvocationOutcome> OutcomeAsync(string id, string function, Task<InvocationResponse> response)
    {
        try
        {
            var result = (await response).Result;
            return new InvocationOutcome(id, function, result.Status == StatusResult.Types.Status.Success, result.Exception?.Message);
        }
        catch (WorkerEndedException e)
        {
            return new InvocationOutcome(id, function, false, e.Message);
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken ending)
    {
        try
        {
            await foreach (var message in outbound.Reader.ReadAllAsync(ending))
                await stream.WriteAsync(message, ending);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody listens any more.
        }
    }

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                started.TrySetResult();
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                Log(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (executing.TryRemove(message.InvocationResponse.InvocationId, out var invocation))
                    invocation.TrySetResult(message.InvocationResponse);
                break;
            default:
                if (asked.TryRemove(message.RequestId, out var question))
                    question.TrySetResult(message);
                break;
        }
    }

    // The worker's own lines reach the host's log always, those of the app only while their invocation is executing.
    private void Log(RpcLog log)
    {
        var line = new LogLine(log.InvocationId, log.Category, (LogLevel)log.Level, log.EventId, log.Message, log.Exception?.Message);
        (log.LogCategory == RpcLog.Types.RpcLogCategory.System || executing.ContainsKey(log.InvocationId) ? Logs : DroppedLogs).Add(line);
    }

    private Task<T> Wait<T>(ConcurrentDictionary<string, TaskCompletionSource<T>> waiting, string id)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        if (hasEnded)
            answer.TrySetException(Ended());
        return answer.Task;
    }

    private void End()
    {
        hasEnded = true;
        started.TrySetException(Ended());
        foreach (var question in asked.Values)
            question.TrySetException(Ended());
        foreach (var invocation in executing.Values)
            invocation.TrySetException(Ended());
    }

    private static WorkerEndedException Ended() => new();

    private sealed class WorkerEndedException() : Exception("The worker has ended before it answered.");
}
