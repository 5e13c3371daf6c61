using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsAuth.Azure.Local;

namespace FunctionsAuth.LocalHost.Queues;

/// <summary>
/// One queue in memory. A received message is invisible for a while, and only the last receiver can delete it. Only the asynchronous methods exist,
/// and they complete at once.
/// </summary>
public sealed class MemoryQueueClient : QueueClient
{
    // The limit of the service.
    private static readonly TimeSpan UsualVisibility = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<Message> messages = [];
    private readonly TimeProvider clock;
    private readonly string name;
    private TaskCompletionSource changed = NewSignal();

    internal MemoryQueueClient(string name, TimeProvider clock) => (this.name, this.clock) = (name, clock);

    public override string Name => name;

    /// <summary>The number of messages, visible or not.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return messages.Count;
        }
    }

    public override Task<Response> CreateIfNotExistsAsync(IDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        Attempt.Run<Response>(() => new LocalResponse(204), cancellationToken);

    public override Task<Response<SendReceipt>> SendMessageAsync(string messageText, CancellationToken cancellationToken) =>
        SendMessageAsync(messageText, null, null, cancellationToken);

    public override Task<Response<SendReceipt>> SendMessageAsync(
        string messageText, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        Attempt.Run(
            () =>
            {
                var message = new Message(messageText, clock.GetUtcNow()) { VisibleAt = clock.GetUtcNow() + (visibilityTimeout ?? TimeSpan.Zero) };
                Change(() => messages.Add(message));
                return Response.FromValue(QueuesModelFactory.SendReceipt(message.Id, message.InsertedAt, message.InsertedAt.AddDays(7), message.Receipt, message.VisibleAt), new LocalResponse(201));
            },
            cancellationToken);

    public override Task<Response<QueueMessage[]>> ReceiveMessagesAsync(
        int? maxMessages = null, TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => Response.FromValue(Receive(maxMessages ?? 1, visibilityTimeout ?? UsualVisibility), new LocalResponse(200)), cancellationToken);

    public override Task<Response> DeleteMessageAsync(string messageId, string popReceipt, CancellationToken cancellationToken = default) =>
        Attempt.Run<Response>(
            () =>
            {
                Change(() => messages.Remove(Held(messageId, popReceipt)));
                return new LocalResponse(204);
            },
            cancellationToken);

    public override Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId, string popReceipt, string? messageText = null, TimeSpan visibilityTimeout = default, CancellationToken cancellationToken = default) =>
        Attempt.Run(
            () =>
            {
                Message message = null!;
                Change(() =>
                {
                    message = Held(messageId, popReceipt);
                    (message.Text, message.VisibleAt, message.Receipt) = (messageText ?? message.Text, clock.GetUtcNow() + visibilityTimeout, NewId());
                });
                return Response.FromValue(QueuesModelFactory.UpdateReceipt(message.Receipt, message.VisibleAt), new LocalResponse(204));
            },
            cancellationToken);

    /// <summary>Waits until there may be a visible message.</summary>
    public async Task WhenVisibleAsync(CancellationToken cancellation)
    {
        Task signal;
        TimeSpan? pause;
        lock (gate)
        {
            signal = changed.Task;
            pause = messages.Count == 0 ? null : messages.Min(message => message.VisibleAt) - clock.GetUtcNow();
        }
        if (pause <= TimeSpan.Zero)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signal, Task.Delay(pause ?? Timeout.InfiniteTimeSpan, clock, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private QueueMessage[] Receive(int most, TimeSpan invisible)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            return [.. messages.Where(message => message.VisibleAt <= now).Take(most).Select(Taken)];

            QueueMessage Taken(Message message)
            {
                (message.VisibleAt, message.Receipt) = (now + invisible, NewId());
                message.Dequeues++;
                return QueuesModelFactory.QueueMessage(message.Id, message.Receipt, message.Text, message.Dequeues, message.VisibleAt, message.InsertedAt, message.InsertedAt.AddDays(7));
            }
        }
    }

    private Message Held(string id, string receipt)
    {
        var message = messages.Find(one => one.Id == id) ?? throw new RequestFailedException(404, "The specified message does not exist.", QueueErrorCode.MessageNotFound.ToString(), null);
        return message.Receipt == receipt ? message : throw new RequestFailedException(400, "The specified pop receipt did not match.", QueueErrorCode.PopReceiptMismatch.ToString(), null);
    }

    private void Change(Action change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            change();
            (told, changed) = (changed, NewSignal());
        }
        told.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string NewId() => Guid.NewGuid().ToString();

    private sealed class Message(string text, DateTimeOffset now)
    {
        public string Id { get; } = NewId();

        public DateTimeOffset InsertedAt { get; } = now;

        public string Text { get; set; } = text;

        public string Receipt { get; set; } = NewId();

        public DateTimeOffset VisibleAt { get; set; }

        public long Dequeues { get; set; }
    }
}
