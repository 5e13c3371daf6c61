namespace FunctionsAuth.Protocol.Users;

/// <summary>Who may be an administrator, and who is about to be none any more: all in one partition, with a guard row that each departure writes.</summary>
public interface IAdministratorStore
{
    Task<AdministratorRoster> ReadAsync(CancellationToken cancellation);

    /// <summary>Notes an administrator; nothing happens where there is a note already.</summary>
    Task NoteAsync(string subject, CancellationToken cancellation);

    /// <summary>Takes the note on somebody out who is no administrator.</summary>
    Task ForgetAsync(string subject, CancellationToken cancellation);

    /// <summary>Begins a departure, if nobody else has begun one since the roster was read: of several at once exactly one wins.</summary>
    /// <returns>Null when somebody else was first, and nothing was changed then.</returns>
    Task<Departure?> TryBeginAsync(AdministratorRoster roster, string subject, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a departure: the user was written, or never will be.</summary>
    Task EndAsync(Departure departure, CancellationToken cancellation);
}

/// <param name="Version">Of the guard row; empty while there is none.</param>
/// <param name="Subjects">Who was noted. The users themselves decide.</param>
/// <param name="Departures">Those that have begun.</param>
public sealed record AdministratorRoster(string Version, IReadOnlySet<string> Subjects, IReadOnlyList<Departure> Departures);

/// <summary>Somebody is about to be no administrator any more: does not count from now on, though the user's record does not say so yet.</summary>
/// <param name="Id">Random: ending one departure never ends another one of the same user.</param>
public sealed record Departure(string Subject, string Id, DateTimeOffset BegunAt);
