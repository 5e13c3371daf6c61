using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tickets;

/// <summary>What the link of a mail is for. The names stand in rows, so they never change.</summary>
public enum TicketPurpose
{
    PasswordReset,
    EmailChange,
    EmailUndo,
    SignUp,
    Invitation,
}

/// <summary>What the link of a mail opens, once. It is bound to one purpose and to the address to which the mail went.</summary>
public sealed record Ticket
{
    public required RecordAddress Address { get; init; }

    public required TicketPurpose Purpose { get; init; }

    /// <summary>Whose account it is; null where there is none yet, and for a ticket that nobody gets.</summary>
    public string? Subject { get; init; }

    /// <summary>Where the mail went.</summary>
    public required string Email { get; init; }

    /// <summary>SHA-256 of the secret in the link.</summary>
    public required byte[] SecretHash { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The authorization request in whose midst the person asked for it; null without one.</summary>
    public string? Request { get; init; }

    /// <summary>It is written and not deleted, as a write can tell afterwards that it won when its answer got lost.</summary>
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

    /// <summary>Compare-and-swap: exactly one of several at once wins.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task<WriteResult<Ticket>> TryReplaceAsync(Ticket ticket, CancellationToken cancellation);
}
