using System.Buffers.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>
/// Makes tickets and takes them back. The text of one is <c>base64url(address || secret)</c>. It stands behind the <c>#</c> of a link, which no browser
/// sends to any server: so it is in no log of requests, and a scanner that opens the link does nothing.
/// </summary>
public sealed class TicketOffice(ITicketStore store, TimeProvider clock)
{
    private const int SecretLength = 32;

    /// <param name="subject">See <see cref="Ticket.Subject"/>.</param>
    /// <param name="request">See <see cref="Ticket.Request"/>.</param>
    /// <returns>The ticket, and its text: a credential that nobody stores.</returns>
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

    /// <summary>The ticket, if it is of that purpose and can still be used. It changes nothing.</summary>
    /// <param name="text">The text, or the whole link that a person pasted.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task<Ticket?> FindAsync(string? text, TicketPurpose purpose, CancellationToken cancellation)
    {
        var own = text?.Trim() is { } link ? link[(link.LastIndexOf('#') + 1)..] : null;
        if (!StrictBase64Url.TryDecode(own, RecordAddress.Length + SecretLength, out var bytes))
            return null;
        var ticket = await store.FindAsync(RecordAddress.FromBytes(bytes.AsSpan(0, RecordAddress.Length)), cancellation);
        return ticket is not null && SecretHash.Matches(bytes.AsSpan(RecordAddress.Length), ticket.SecretHash) && ticket.Purpose == purpose && IsGood(ticket) ? ticket : null;
    }

    /// <summary>Uses it up: exactly one of several at once gets true.</summary>
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
