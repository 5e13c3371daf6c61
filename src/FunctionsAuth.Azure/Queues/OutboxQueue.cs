using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Azure.Queues;

/// <summary>Sends addresses of rows. The queue is created when the first message is sent.</summary>
/// <param name="queue">The client is made when it is needed, because most requests send no message.</param>
internal sealed class OutboxQueue(Lazy<QueueClient> queue) : IOutboxQueue
{
    private const string Name = "outbox queue";

    public async Task SendAsync(RecordAddress address, TimeSpan delay, CancellationToken cancellation)
    {
        using var activity = ServerMetrics.Activities.StartActivity($"{Name} send");
        try
        {
            await TimeBudget.SpendAsync(() => SendAsync(address.ToString(), delay));
            ServerMetrics.StorageOperation(Name, "send", "ok");
        }
        catch (Exception e) when (Outages.IsOne(e))
        {
            ServerMetrics.StorageOperation(Name, "send", "failed");
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            throw new TemporarilyUnavailableException("storage", e);
        }
    }

    // It is not cancelled if the client closes the connection, because then nobody would know whether the message was sent.
    private async Task<Response<SendReceipt>> SendAsync(string text, TimeSpan delay)
    {
        try
        {
            return await queue.Value.SendMessageAsync(text, delay);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound.ToString())
        {
            await queue.Value.CreateIfNotExistsAsync();
            return await queue.Value.SendMessageAsync(text, delay);
        }
    }
}
