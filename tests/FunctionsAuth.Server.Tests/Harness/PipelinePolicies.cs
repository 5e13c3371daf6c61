using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Counts the requests of a client pipeline, including retries.</summary>
public sealed class CountingPolicy : HttpPipelineSynchronousPolicy
{
    private readonly ConcurrentQueue<string> requests = new();

    public IReadOnlyCollection<string> Requests => requests;

    public void Clear() => requests.Clear();

    public override void OnSendingRequest(HttpMessage message) => requests.Enqueue($"{message.Request.Method} {message.Request.Uri.Path}");
}

/// <summary>Lets the next write reach the service, but loses the answer, so that the retry of the client finds its own write.</summary>
public sealed class LostAnswerPolicy : HttpPipelinePolicy
{
    private int armed;

    public int Lost { get; private set; }

    /// <summary>The number of the write that loses its answer, 0 for the next one; null for none.</summary>
    public int? At { get; set; }

    public void Arm(int at) => (At, armed, Lost) = (at, 0, 0);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (message.Request.Method == RequestMethod.Get || At is not { } at || armed++ != at || message.Response.IsError)
            return;
        Lost++;
        throw new RequestFailedException(0, "The connection was closed before the answer came.", new IOException("Connection reset by peer"));
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
