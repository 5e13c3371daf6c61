using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>The purpose of a link in a mail. The names are stored in rows, so they must not change.</summary>
public enum TicketPurpose
{
    PasswordReset,
    EmailChange,
    EmailUndo,
    SignUp,
    Invitation,
}

/// <summary>The record behind a link in a mail, which works once. It is bound to one purpose and to the address to which the mail went.</summary>
public sealed record Ticket
{
    public required RecordAddress Address { get; init; }

    public required TicketPurpose Purpose { get; init; }

    /// <summary>The subject of the account; null if there is no account yet, or if no mail is sent for the ticket.</summary>
    public string? Subject { get; init; }

    /// <summary>The address to which the mail went.</summary>
    public required string Email { get; init; }

    /// <summary>SHA-256 of the secret in the link.</summary>
    public required byte[] SecretHash { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The authorization request during which the user asked for the link; null without one.</summary>
    public string? Request { get; init; }

    /// <summary>A used ticket is written and not deleted. If the answer of storage was lost, the caller can still find out that its own write succeeded.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";
}

public interface ITicketStore
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task InsertAsync(Ticket ticket, CancellationToken cancellation);

    /// <inheritdoc cref="InsertAsync"/>
    Task<Ticket?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Compare-and-swap: exactly one of several calls at the same time succeeds.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task<WriteResult<Ticket>> TryReplaceAsync(Ticket ticket, CancellationToken cancellation);
}
