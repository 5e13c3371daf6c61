using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Is called for each event that is written. It must not fail. Without subscribers it costs nothing.</summary>
public interface IEventSubscriber
{
    Task TellAsync(AuditEvent entry);
}

/// <summary>Writes an event, and then tells the subscribers.</summary>
public sealed class AuditTrail(IAuditStore store, IEventSubscriber subscriber)
{
    /// <summary>For an event that must not happen without its row. If the write fails, nobody is told.</summary>
    /// <exception cref="TemporarilyUnavailableException">The row could not be written.</exception>
    public async Task WriteAsync(AuditEvent entry)
    {
        await store.WriteAsync(entry);
        await subscriber.TellAsync(entry);
    }

    /// <summary>For an event that has happened already.</summary>
    /// <param name="told">The event for the subscribers, if it differs from the row.</param>
    /// <returns>The reason why the row could not be written; null when it was.</returns>
    public async Task<TemporarilyUnavailableException?> TryWriteAsync(AuditEvent entry, AuditEvent? told = null)
    {
        TemporarilyUnavailableException? failure = null;
        try
        {
            await store.WriteAsync(entry);
        }
        catch (TemporarilyUnavailableException e)
        {
            failure = e;
        }
        await subscriber.TellAsync(told ?? entry);
        return failure;
    }
}
