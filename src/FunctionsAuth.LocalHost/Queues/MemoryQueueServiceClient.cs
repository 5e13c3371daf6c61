using System.Collections.Concurrent;
using Azure.Storage.Queues;

namespace FunctionsAuth.LocalHost.Queues;

/// <summary>The queues of an account in memory, which are lost when the process ends. A queue is created when it is first used.</summary>
public sealed class MemoryQueueServiceClient(TimeProvider clock) : QueueServiceClient
{
    private readonly ConcurrentDictionary<string, MemoryQueueClient> queues = new();

    public override string AccountName => "memory";

    public override Uri Uri { get; } = new("http://memory.invalid/");

    public override QueueClient GetQueueClient(string queueName) => queues.GetOrAdd(queueName, name => new MemoryQueueClient(name, clock));
}
