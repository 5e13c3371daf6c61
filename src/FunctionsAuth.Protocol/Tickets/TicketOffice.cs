using System.Buffers.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>
/// Creates and uses tickets. The text of a ticket is <c>base64url(address || secret)</c>. It is in the fragment of the link, after the <c>#</c>,
/// which browsers do not send to servers. So it is not in request logs, and a mail scanner that opens the link has no effect.
/// </summary>
public sealed class TicketOffice(ITicketStore store, TimeProvider clock)
{
    private const int SecretLength = 32;

    /// <param name="subject">See <see cref="Ticket.Subject"/>.</param>
    /// <param name="request">See <see cref="Ticket.Request"/>.</param>
    /// <returns>The ticket and its text. The text is a credential and is not stored.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<(Ticket Ticket, string Text)> IssueAsync(
        TicketPurpose purpose, string? subject, string email, TimeSpan life, CancellationToken cancellation, string? request = null)
    {
        var now = clock.GetUtcNow();
        var secret = Handle.NewSecret();
        var ticket = new Ticket
        {
            Address = RecordAddress.New(now + life),
            Purpose = purpose,
            Subject = subject,
            Email = email,
            SecretHash = SecretHash.Of(secret),
            MadeAt = now,
            ExpiresAt = now + life,
            Request = request,
        };
        await store.InsertAsync(ticket, cancellation);
        return (ticket, Base64Url.EncodeToString((byte[])[.. ticket.Address.Bytes, .. secret]));
    }

    /// <summary>Returns the ticket if it has this purpose and can still be used. It changes nothing.</summary>
    /// <param name="text">The text, or the whole link if the user pasted it.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<Ticket?> FindAsync(string? text, TicketPurpose purpose, CancellationToken cancellation)
    {
        var own = text?.Trim() is { } link ? link[(link.LastIndexOf('#') + 1)..] : null;
        if (!StrictBase64Url.TryDecode(own, RecordAddress.Length + SecretLength, out var bytes))
            return null;
        var ticket = await store.FindAsync(RecordAddress.FromBytes(bytes.AsSpan(0, RecordAddress.Length)), cancellation);
        return ticket is not null && SecretHash.Matches(bytes.AsSpan(RecordAddress.Length), ticket.SecretHash) && ticket.Purpose == purpose && IsGood(ticket) ? ticket : null;
    }

    /// <summary>Uses the ticket: exactly one of several calls at the same time returns true.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<bool> TryUseAsync(Ticket ticket, CancellationToken cancellation)
    {
        var isMine = false;
        await CompareAndSwap.ChangeAsync(ticket, Used, store.TryReplaceAsync, cancellation);
        return isMine;

        Ticket? Used(Ticket? current)
        {
            isMine = current is not null && IsGood(current);
            return isMine ? current! with { UsedAt = clock.GetUtcNow() } : null;
        }
    }

    private bool IsGood(Ticket ticket) => ticket.UsedAt is null && clock.GetUtcNow() < ticket.ExpiresAt;
}
