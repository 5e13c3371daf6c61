using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// What people do to their own accounts. Each is one conditional write of the user's row. The login on which it rests is looked at again in
/// that write: whoever was signed out everywhere meanwhile changes nothing any more.
/// </summary>
public sealed class OwnAccount(IUserStore users, PasswordHashing hashing, SecurityEvents events, TimeProvider clock)
{
    /// <param name="authTime">Of the login by which the person does it.</param>
    /// <param name="whom">Who sends the request: see <see cref="PasswordHashing"/>.</param>
    /// <returns>The user as written; null when the login is not good any more.</returns>
    /// <exception cref="Errors.OAuthException">Status 503: too many people are waiting for a hash.</exception>
    public async Task<User?> ChangePasswordAsync(User user, DateTimeOffset authTime, string password, string whom, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(user, password, whom, cancellation);
        if (await ChangeAsync(user, authTime, current => current.WithPassword(hash, clock.GetUtcNow()), cancellation) is not { } changed)
            return null;
        await events.PasswordChangedAsync(user.Subject, AuditActor.Person);
        return changed;
    }

    /// <summary>Every session, code and token of before is dead.</summary>
    /// <inheritdoc cref="ChangePasswordAsync"/>
    public async Task<User?> SignOutEverywhereAsync(User user, DateTimeOffset authTime, CancellationToken cancellation)
    {
        if (await ChangeAsync(user, authTime, current => current with { SessionsValidFrom = clock.GetUtcNow() }, cancellation) is not { } changed)
            return null;
        await events.SignedOutEverywhereAsync(user.Subject, AuditActor.Person);
        return changed;
    }

    /// <param name="claims">The new values; null takes a claim away.</param>
    /// <inheritdoc cref="ChangePasswordAsync"/>
    public async Task<User?> ChangeProfileAsync(User user, DateTimeOffset authTime, IReadOnlyDictionary<string, string?> claims, CancellationToken cancellation)
    {
        List<string> names = [];
        var changed = await ChangeAsync(user, authTime, Changed, cancellation);
        if (changed is not null && names.Count > 0)
            await events.ProfileChangedAsync(user.Subject, AuditActor.Person, names);
        return changed;

        User Changed(User current)
        {
            names.Clear();
            var all = current.Claims.DeepClone().AsObject();
            foreach (var (name, value) in claims)
            {
                if (all[name]?.ToString() == value)
                    continue;
                names.Add(name);
                all.Remove(name);
                if (value is not null)
                    all[name] = value;
            }
            return names.Count == 0 ? current : current with { Claims = all };
        }
    }

    /// <returns>The user as written, or else what the person must change; neither when the login is not good any more.</returns>
    /// <inheritdoc cref="ChangePasswordAsync"/>
    public async Task<(User? User, string? Problem)> ChangeUsernameAsync(User user, DateTimeOffset authTime, string wanted, CancellationToken cancellation)
    {
        if (UsernameRules.ProblemOfChosen(wanted) is { } problem)
            return (null, $"Choose another username: it {problem}.");
        if (user.Username == wanted)
            return (user, null);
        // The name is inserted if absent: of two people who want it at once one gets it.
        if (!await users.TryAddLoginNameAsync(wanted, user.Subject, cancellation))
            return (null, "That username is taken. Choose another one.");
        User? before = null;
        var changed = await ChangeAsync(user, authTime, current => (before = current) with { Username = wanted }, cancellation);
        // Whichever of the two names is nobody's now. If that fails, the person can sign in by both, and nobody else by any.
        await ReleaseAsync(changed is null ? wanted : before!.Username, user.Subject, cancellation);
        if (changed is not null)
            await events.UsernameChangedAsync(user.Subject, AuditActor.Person);
        return (changed, null);
    }

    private async Task ReleaseAsync(string name, string subject, CancellationToken cancellation)
    {
        var kept = (await users.FindAsync(subject, cancellation))?.LoginNames().Select(LoginName.Normalize) ?? [];
        if (!kept.Contains(LoginName.Normalize(name)))
            await users.RemoveLoginNameAsync(name, subject, cancellation);
    }

    private async Task<User?> ChangeAsync(User user, DateTimeOffset authTime, Func<User, User> change, CancellationToken cancellation)
    {
        var isTrusted = false;
        var written = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        return isTrusted ? written : null;

        User? Changed(User? current)
        {
            isTrusted = current?.Trusts(authTime) == true;
            if (!isTrusted || change(current!) is not { } changed || ReferenceEquals(changed, current))
                return null;
            return changed;
        }
    }
}
