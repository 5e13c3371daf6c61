using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// The administrators: the active members of one group, of whom one always stays. Whoever goes first begins a departure, by a conditional
/// write of one guard row, and is written then. Between reading the guard and writing it, the record of another administrator is read: so
/// what is noted may be wrong either way, and of all who go at once one finds nobody else.
/// </summary>
public sealed class Administrators(IAdministratorStore store, IGroupMembers members, ServerOptions options, TimeProvider clock)
{
    /// <summary>A departure that is older was interrupted: no request lasts as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public bool Has(User user) => user is { Disabled: false, DeletedAt: null } && user.Groups.Contains(options.Manage.AdministratorsGroup);

    /// <summary>Notes somebody who is an administrator now. It is done after the user was written: a missing note is found, see <see cref="BeginDepartureAsync"/>.</summary>
    public Task NoteAsync(User user, CancellationToken cancellation) => store.NoteAsync(user.Subject, cancellation);

    /// <summary>To be called before an administrator is written as somebody who is none.</summary>
    /// <param name="users">Where the administrators are read.</param>
    /// <exception cref="LastAdministratorException">Nobody else is an administrator.</exception>
    public Task<Departure> BeginDepartureAsync(User user, IUserStore users, CancellationToken cancellation) => CompareAndSwap.RepeatAsync(async () =>
    {
        var roster = await store.ReadAsync(cancellation);
        return await StaysAnotherAsync(user.Subject, roster, users, cancellation)
            ? await store.TryBeginAsync(roster, user.Subject, clock.GetUtcNow(), cancellation)
            : throw new LastAdministratorException();
    });

    /// <summary>To be called when the user was written, or it is certain that this write was refused.</summary>
    public Task EndDepartureAsync(Departure departure, CancellationToken cancellation) => store.EndAsync(departure, cancellation);

    private async Task<bool> StaysAnotherAsync(string subject, AdministratorRoster roster, IUserStore users, CancellationToken cancellation)
    {
        foreach (var noted in roster.Subjects.Where(noted => noted != subject))
        {
            if (await StaysAsync(noted, roster, users, cancellation))
                return true;
        }
        // Administrators of before this release have no note, and a note may have failed.
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
        // A write that was only held up is refused from now on, as the record has another version.
        if (isOne && departures.Count > 0 && !(await users.TrySaveAsync(user!, cancellation)).Won)
            return false;
        foreach (var departure in departures)
            await store.EndAsync(departure, cancellation);
        if (isOne != roster.Subjects.Contains(subject))
            await (isOne ? store.NoteAsync(subject, cancellation) : store.ForgetAsync(subject, cancellation));
        return isOne;
    }
}
