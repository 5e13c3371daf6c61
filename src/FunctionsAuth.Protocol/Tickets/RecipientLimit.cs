using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>The times at which mails for one purpose were sent to one recipient.</summary>
/// <param name="Sent">The newest first.</param>
public sealed record SentMail(RecordAddress Address, IReadOnlyList<DateTimeOffset> Sent)
{
    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

public interface ISentMailStore
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<SentMail?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<SentMail>> TrySaveAsync(SentMail sent, CancellationToken cancellation);
}

/// <summary>
/// Limits the mail that strangers can cause. Each recipient gets at most one mail per minute and five per hour for each purpose, over all instances.
/// One conditional write decides. The record is also written when the limit is reached, so that both answers take the same time.
/// </summary>
public sealed class RecipientLimit(ISentMailStore store, TimeProvider clock)
{
    private const int MostInAnHour = 5;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <inheritdoc cref="TryTakeAsync(string, string, CancellationToken)"/>
    public Task<bool> TryTakeAsync(TicketPurpose purpose, string recipient, CancellationToken cancellation) => TryTakeAsync(purpose.ToString(), recipient, cancellation);

    /// <param name="purpose">Mails for other purposes are counted separately.</param>
    /// <param name="recipient">An account or an address. A placeholder for an unknown address is limited in the same way.</param>
    /// <returns>Whether one more mail can be sent.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<bool> TryTakeAsync(string purpose, string recipient, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var address = AddressOf(purpose, recipient, now);
        // There is one record per day. In the first hour of a day, the record of the day before counts too.
        var before = now.TimeOfDay < Hour ? await store.FindAsync(AddressOf(purpose, recipient, now - Hour), cancellation) : null;
        var mayBeSent = false;
        await CompareAndSwap.ChangeAsync(await store.FindAsync(address, cancellation), Taken, store.TrySaveAsync, cancellation);
        if (!mayBeSent)
            ServerMetrics.Limited("mail_recipient");
        return mayBeSent;

        SentMail Taken(SentMail? current)
        {
            List<DateTimeOffset> recent = [.. (current?.Sent ?? []).Concat(before?.Sent ?? []).Where(at => at > now - Hour)];
            mayBeSent = recent.Count < MostInAnHour && !recent.Exists(at => at > now - Minute);
            var own = (current?.Sent ?? []).Where(at => at > now - Hour);
            return new SentMail(address, mayBeSent ? [now, .. own] : [.. own]) { Version = current?.Version ?? "" };
        }
    }

    private static RecordAddress AddressOf(string purpose, string recipient, DateTimeOffset moment) => RecordAddress.Of(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{recipient}")), new DateTimeOffset(moment.UtcDateTime.Date.AddDays(2), TimeSpan.Zero));
}
