using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Hears of each event that is written. It must not fail, and costs nothing where nobody wants to know.</summary>
public interface IEventSubscriber
{
    Task TellAsync(AuditEvent entry);
}

/// <summary>Writes an event, and then tells others of it.</summary>
public sealed class AuditTrail(IAuditStore store, IEventSubscriber subscriber)
{
    /// <summary>For an event that does not happen without its row: then nobody is told of it.</summary>
    /// <exception cref="TemporarilyUnavailableException">The row could not be written.</exception>
    public async Task WriteAsync(AuditEvent entry)
    {
        await store.WriteAsync(entry);
        await subscriber.TellAsync(entry);
    }

    /// <summary>For an event that has happened already.</summary>
    /// <param name="told">What others are told, where it is not what the row says.</param>
    /// <returns>Why the row could not be written; null when it was.</returns>
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
