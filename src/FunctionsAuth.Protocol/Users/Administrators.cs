using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// The administrators are the active members of one group, and at least one must always remain. To remove an administrator, the server first begins a
/// departure with a conditional write of one guard row, and then writes the user. Between reading and writing the guard row, it reads the record of
/// another administrator. So outdated notes do no harm, and if all administrators are removed at the same time, one of these changes is refused.
/// </summary>
public sealed class Administrators(IAdministratorStore store, IGroupMembers members, ServerOptions options, TimeProvider clock)
{
    /// <summary>An older departure was interrupted: no request takes this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public bool Has(User user) => user is { Disabled: false, DeletedAt: null } && user.Groups.Contains(options.Manage.AdministratorsGroup);

    /// <summary>
    /// Adds a note that a user is an administrator now. It is called after the user was written. A missing note is found later: see <see
    /// cref="BeginDepartureAsync"/>.
    /// </summary>
    public Task NoteAsync(User user, CancellationToken cancellation) => store.NoteAsync(user.Subject, cancellation);

    /// <summary>Call this before an administrator is written as a user who is no longer one.</summary>
    /// <param name="users">The store from which the records of administrators are read.</param>
    /// <exception cref="LastAdministratorException">There is no other administrator.</exception>
    public Task<Departure> BeginDepartureAsync(User user, IUserStore users, CancellationToken cancellation) => CompareAndSwap.RepeatAsync(async () =>
    {
        var roster = await store.ReadAsync(cancellation);
        return await StaysAnotherAsync(user.Subject, roster, users, cancellation)
            ? await store.TryBeginAsync(roster, user.Subject, clock.GetUtcNow(), cancellation)
            : throw new LastAdministratorException();
    });

    /// <summary>Call this when the user was written, or when it is certain that this write was refused.</summary>
    public Task EndDepartureAsync(Departure departure, CancellationToken cancellation) => store.EndAsync(departure, cancellation);

    private async Task<bool> StaysAnotherAsync(string subject, AdministratorRoster roster, IUserStore users, CancellationToken cancellation)
    {
        foreach (var noted in roster.Subjects.Where(noted => noted != subject))
        {
            if (await StaysAsync(noted, roster, users, cancellation))
                return true;
        }
        // Administrators from earlier releases have no note, and writing a note may have failed.
        for (ListRequest? request = ListRequest.First; request is { } part;)
        {
            var page = await members.ListAsync(options.Manage.AdministratorsGroup, part, cancellation);
            foreach (var member in page.Items.Where(member => member != subject && !roster.Subjects.Contains(member)))
            {
                if (await StaysAsync(member, roster, users, cancellation))
                    return true;
            }
            request = page.Next is null ? null : part with { After = page.Next };
        }
        return false;
    }

    private async Task<bool> StaysAsync(string subject, AdministratorRoster roster, IUserStore users, CancellationToken cancellation)
    {
        var departures = roster.Departures.Where(departure => departure.Subject == subject).ToList();
        if (departures.Any(departure => departure.BegunAt + Patience > clock.GetUtcNow()))
            return false;
        var user = await users.FindAsync(subject, cancellation);
        var isOne = user is not null && Has(user);
        // A write that was only delayed is refused from now on, because the record has another version.
        if (isOne && departures.Count > 0 && !(await users.TrySaveAsync(user!, cancellation)).Won)
            return false;
        foreach (var departure in departures)
            await store.EndAsync(departure, cancellation);
        if (isOne != roster.Subjects.Contains(subject))
            await (isOne ? store.NoteAsync(subject, cancellation) : store.ForgetAsync(subject, cancellation));
        return isOne;
    }
}
