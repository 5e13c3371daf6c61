using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

/// <summary>Delivers what a request left in the outbox. A message is the address of a row.</summary>
public sealed class OutboxFunction(OutboxDelivery delivery)
{
    [Function("outbox")]
    public Task Run([QueueTrigger($"%{OutboxPlace.QueueSetting}%", Connection = OutboxPlace.ConnectionSetting)] string address, CancellationToken cancellation) =>
        // What is no address nobody here has sent, and nothing can be done about it.
        RecordAddress.TryParse(address, out var known) ? delivery.DeliverAsync(known, cancellation) : Task.CompletedTask;
}
