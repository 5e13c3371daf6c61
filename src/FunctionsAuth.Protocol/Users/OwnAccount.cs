using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Changes that users make to their own accounts. Each is one conditional write of the user's row. That write checks the login again, so a user who
/// was signed out everywhere in the meantime can change nothing.
/// </summary>
public sealed class OwnAccount(IUserStore users, PasswordHashing hashing, SecurityEvents events, AccountMails notices, TimeProvider clock)
{
    private const int MostUsernameChanges = 5;

    private readonly Allowance<string> attempts = new(10, TimeSpan.FromMinutes(1), clock);

    /// <param name="authTime">The time of the login with which the user makes the change.</param>
    /// <param name="whom">Who sends the request: see <see cref="PasswordHashing"/>.</param>
    /// <returns>The user as written; null when the login is no longer valid.</returns>
    /// <exception cref="OAuthException">Status 503: too many people are waiting for a hash.</exception>
    public async Task<User?> ChangePasswordAsync(User user, DateTimeOffset authTime, string password, string whom, CancellationToken cancellation)
    {
        var hash = await hashing.HashAsync(user, password, whom, cancellation);
        if (await ChangeAsync(user, authTime, Changed, cancellation) is not { } changed)
            return null;
        await events.PasswordChangedAsync(user.Subject, AuditActor.Person);
        await notices.TellAsync(AccountChange.PasswordChanged, changed.AsRecipient());
        return changed;

        // A user who chose a password with a link from a mail has still only proven access to the mailbox.
        User Changed(User current) => current.WithPassword(hash, clock.GetUtcNow()) with { PasswordSetByMail = current.PasswordSetByMail };
    }

    /// <summary>All earlier sessions, codes and tokens become invalid.</summary>
    /// <inheritdoc cref="ChangePasswordAsync"/>
    public async Task<User?> SignOutEverywhereAsync(User user, DateTimeOffset authTime, CancellationToken cancellation)
    {
        if (await ChangeAsync(user, authTime, current => current with { SessionsValidFrom = clock.GetUtcNow() }, cancellation) is not { } changed)
            return null;
        await events.SignedOutEverywhereAsync(user.Subject, AuditActor.Person);
        return changed;
    }

    /// <param name="claims">The new values. Null removes a claim.</param>
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

    /// <returns>The user as written, or the problem that the user must correct. Both are null when the login is no longer valid.</returns>
    /// <inheritdoc cref="ChangePasswordAsync"/>
    public async Task<(User? User, Phrase? Problem)> ChangeUsernameAsync(User user, DateTimeOffset authTime, string wanted, CancellationToken cancellation)
    {
        if (UsernameRules.ProblemOfChosen(wanted) is { } problem)
            return (null, Phrase.Of($"Choose another username: it {problem}."));
        if (user.Username == wanted)
            return (user, null);
        if (user.UsernameChanges >= MostUsernameChanges)
            return (null, Phrase.Of($"You have changed your username too often. Ask whoever runs this service."));
        // The answer shows whether a username exists, as a sign-up does. So the number of attempts is limited.
        if (!attempts.TryTake(user.Subject, out var wait))
            throw OAuthError.TooMany("Too many usernames were tried", wait);
        // The name is inserted only if it is absent: of two users who want it at the same time, one gets it.
        if (!await users.TryAddLoginNameAsync(wanted, user.Subject, cancellation))
            return (null, Phrase.Of($"That username is taken. Choose another one."));
        User? before = null;
        var changed = await ChangeAsync(
            user, authTime, current => (before = current).Username == wanted ? current : current with { Username = wanted, UsernameChanges = current.UsernameChanges + 1 }, cancellation);
        if (changed is null)
        {
            await users.RetireLoginNameAsync(wanted, user.Subject, cancellation);
            return (null, null);
        }
        // Another change of the same user may have retired the name in the meantime.
        await users.TryAddLoginNameAsync(wanted, user.Subject, cancellation);
        // The former name stays reserved for the user, but nobody can sign in with it.
        if (before!.Username == wanted)
            return (changed, null);
        await users.RetireLoginNameAsync(before.Username, user.Subject, cancellation);
        await events.UsernameChangedAsync(user.Subject, AuditActor.Person);
        await notices.TellAsync(AccountChange.UsernameChanged, changed.AsRecipient());
        return (changed, null);
    }

    /// <param name="change">Returns its argument if there is nothing to change.</param>
    private async Task<User?> ChangeAsync(User user, DateTimeOffset authTime, Func<User, User> change, CancellationToken cancellation)
    {
        var isTrusted = false;
        var written = await CompareAndSwap.ChangeAsync(user, Changed, users.TrySaveAsync, cancellation);
        return isTrusted ? written : null;

        User? Changed(User? current)
        {
            isTrusted = current?.Trusts(authTime) == true;
            var changed = isTrusted ? change(current!) : current;
            return ReferenceEquals(changed, current) ? null : changed;
        }
    }
}
