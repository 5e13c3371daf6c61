using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>When mail of one purpose went to one recipient.</summary>
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

    /// <summary>Inserts the record if its version is empty, else writes it if it still is as it was read.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<SentMail>> TrySaveAsync(SentMail sent, CancellationToken cancellation);
}

/// <summary>
/// How much mail strangers can cause: to each recipient, for each purpose, one in a minute and five in an hour, over all instances. One conditional
/// write decides. It is written also where the answer is no, so that no answer comes sooner than another.
/// </summary>
public sealed class RecipientLimit(ISentMailStore store, TimeProvider clock)
{
    private const int MostInAnHour = 5;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <inheritdoc cref="TryTakeAsync(string, string, CancellationToken)"/>
    public Task<bool> TryTakeAsync(TicketPurpose purpose, string recipient, CancellationToken cancellation) => TryTakeAsync(purpose.ToString(), recipient, cancellation);

    /// <param name="purpose">Mails of other purposes count by themselves.</param>
    /// <param name="recipient">An account or an address; what stands for one that the server does not know is limited in the same way.</param>
    /// <returns>Whether one more may be sent.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<bool> TryTakeAsync(string purpose, string recipient, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var address = AddressOf(purpose, recipient, now);
        // The record is one of a day. In the first hour of it, those of the day before count, too.
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
