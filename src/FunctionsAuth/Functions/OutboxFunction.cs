using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

/// <summary>Delivers an item that a request put into the outbox. The message is the address of the row.</summary>
public sealed class OutboxFunction(OutboxDelivery delivery)
{
    [Function("outbox")]
    public Task Run([QueueTrigger($"%{OutboxPlace.QueueSetting}%", Connection = OutboxPlace.ConnectionSetting)] string address, CancellationToken cancellation) =>
        // This server never sends a message that is not an address. Such a message is ignored.
        RecordAddress.TryParse(address, out var known) ? delivery.DeliverAsync(known, cancellation) : Task.CompletedTask;
}
