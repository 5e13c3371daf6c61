namespace FunctionsAuth.Protocol.Users;

/// <summary>The administrators and the departures in progress. All rows are in one partition, with a guard row that each departure writes.</summary>
public interface IAdministratorStore
{
    Task<AdministratorRoster> ReadAsync(CancellationToken cancellation);

    /// <summary>Adds a note for an administrator. Nothing happens if there is one already.</summary>
    Task NoteAsync(string subject, CancellationToken cancellation);

    /// <summary>Removes the note for a user who is not an administrator.</summary>
    Task ForgetAsync(string subject, CancellationToken cancellation);

    /// <summary>Begins a departure if no other departure began since the roster was read. Exactly one of several at the same time succeeds.</summary>
    /// <returns>Null when another departure was first, in which case nothing was changed.</returns>
    Task<Departure?> TryBeginAsync(AdministratorRoster roster, string subject, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a departure: the user was written, or will never be written.</summary>
    Task EndAsync(Departure departure, CancellationToken cancellation);
}

/// <param name="Version">The version of the guard row; empty if there is none.</param>
/// <param name="Subjects">The subjects of the notes. The user records are authoritative.</param>
/// <param name="Departures">The departures in progress.</param>
public sealed record AdministratorRoster(string Version, IReadOnlySet<string> Subjects, IReadOnlyList<Departure> Departures);

/// <summary>
/// A user who is about to lose the administrator role. The user no longer counts as an administrator, although the user record does not say so yet.
/// </summary>
/// <param name="Id">A random id, so that ending one departure cannot end another departure of the same user.</param>
public sealed record Departure(string Subject, string Id, DateTimeOffset BegunAt);
