using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Changes that an operator makes to one account. Each is one conditional write of the user's row, which every grant type and every token check
/// reads. So a change takes effect with the next request, however many sessions and grants there are.
/// </summary>
public sealed class Accounts(IUserStore users, PasswordHashing hashing, SecurityEvents events, ServerOptions options, TimeProvider clock)
{
    /// <param name="loginName">The username, or the verified email address.</param>
    public async Task<User?> FindAsync(string loginName, CancellationToken cancellation) =>
        await users.FindSubjectAsync(loginName, cancellation) is { } subject ? await users.FindAsync(subject, cancellation) : null;

    /// <summary>
    /// Disables the account: nobody can sign in to it. Sessions, codes and tokens from before stay invalid even when the account is enabled again.
    /// </summary>
    /// <param name="user">As it was read.</param>
    /// <param name="check">Called with the user record that is about to be written. It throws if the user must not be changed. Null for no check.</param>
    /// <returns>The user as it was written, or unchanged if there was nothing to change; null if there is no such user.</returns>
    public Task<User?> DisableAsync(User? user, Action<User>? check, CancellationToken cancellation) => ChangeAsync(
        user, check, current => current.Disabled ? null : current.Disable(clock.GetUtcNow()), events.AccountDisabledAsync, cancellation);

    /// <inheritdoc cref="DisableAsync"/>
    /// <summary>Enables the account: the user can sign in again. Sessions and tokens from before stay invalid.</summary>
    public Task<User?> EnableAsync(User? user, Action<User>? check, CancellationToken cancellation) => ChangeAsync(
        user, check, current => current.Disabled ? current with { Disabled = false } : null, events.AccountEnabledAsync, cancellation);

    /// <inheritdoc cref="DisableAsync"/>
    /// <summary>Makes all earlier sessions, codes and tokens invalid. The user must sign in again everywhere.</summary>
    public Task<User?> SignOutEverywhereAsync(User? user, Action<User>? check, CancellationToken cancellation) => ChangeAsync(
        user, check, current => current with { SessionsValidFrom = clock.GetUtcNow() }, events.SignedOutEverywhereAsync, cancellation);

    /// <inheritdoc cref="DisableAsync"/>
    /// <summary>Removes the count of wrong passwords, so that the user can try again at once.</summary>
    public Task<User?> UnlockAsync(User? user, Action<User>? check, CancellationToken cancellation) => ChangeAsync(
        user,
        check,
        current => current.HasFailures ? current with { FailedLogins = 0, LockedUntil = null, GuessesUntil = null, DeviceFailures = null } : null,
        events.AccountUnlockedAsync,
        cancellation);

    /// <inheritdoc cref="DisableAsync"/>
    /// <summary>Sets another password, removes the count of wrong passwords, and makes all earlier sessions, codes and tokens invalid.</summary>
    public async Task<User?> SetPasswordAsync(User? user, string password, Action<User>? check, CancellationToken cancellation)
    {
        if (user is null)
            return null;
        var hash = await hashing.HashAsync(user, password, user.Subject, cancellation);
        return await ChangeAsync(user, check, current => current.WithPassword(hash, clock.GetUtcNow()), events.PasswordChangedAsync, cancellation);
    }

    /// <inheritdoc cref="DisableAsync"/>
    /// <summary>Adds the user to groups and removes the user from groups. Rights from removed groups end at the next refresh and at introspection.</summary>
    /// <exception cref="ArgumentException">The user would be in more than <see cref="Group.MostPerMember"/> groups.</exception>
    public async Task<User?> ChangeGroupsAsync(
        User? user, IReadOnlyCollection<string> added, IReadOnlyCollection<string> removed, Action<User>? check, CancellationToken cancellation)
    {
        IReadOnlyList<string> before = [], after = [];
        return await ChangeAsync(user, check, Changed, (subject, actor) => events.GroupsChangedAsync(subject, actor, before, after), cancellation);

        User? Changed(User user)
        {
            (before, after) = (user.Groups, Group.Normalize(user.Groups.Union(added).Except(removed)));
            if (after.Count > Group.MostPerMember)
                throw new ArgumentException($"The user would be in {after.Count} groups. A user can be in at most {Group.MostPerMember} groups.");
            if (before.SequenceEqual(after))
                return null;
            // Links that were sent earlier, such as invitations, must not give access to the account of a manager.
            var isRaised = !before.Any(options.Manage.Groups.Contains) && after.Any(options.Manage.Groups.Contains);
            return user with { Groups = after, SessionsValidFrom = isRaised ? clock.GetUtcNow() : user.SessionsValidFrom };
        }
    }

    /// <param name="change">Returns null if there is nothing to change.</param>
    private async Task<User?> ChangeAsync(User? user, Action<User>? check, Func<User, User?> change, Func<string, AuditActor, Task> note, CancellationToken cancellation)
    {
        var isChanged = false;
        var written = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        if (isChanged && written is not null)
            await note(written.Subject, AuditActor.Operator);
        return written;

        User? Changed(User? current)
        {
            isChanged = false;
            if (current is not { DeletedAt: null })
                return null;
            check?.Invoke(current);
            var changed = change(current);
            isChanged = changed is not null;
            return changed;
        }
    }
}
