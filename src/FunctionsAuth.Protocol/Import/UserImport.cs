using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Writes the users of a file. Users are found by their username. A login or another import may write at the same time.</summary>
internal sealed class UserImport(IUserStore users, PasswordHasher<User> hasher, SecurityEvents events, TimeProvider clock, ProblemList problems)
{
    private const int MaxTries = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reports contradictions with the stored users, before anything is written.</summary>
    public async Task CheckAsync(IReadOnlyList<ImportedUser> wanted, CancellationToken cancellation)
    {
        foreach (var (index, user) in wanted.Index())
        {
            var path = $"users[{index}]";
            var named = await FindByLoginAsync(user.Username, cancellation);
            if (named is not null && !await IsKnownAsAsync(named, user.Username, cancellation))
                problems.Add($"{path}.username", $"is the email address of another user, {named.Username}");
            else if (named is not null && user.Subject is not null && user.Subject != named.Subject)
                problems.Add($"{path}.subject", $"is not the subject of {user.Username}, and a subject can't be changed");
            if (named is null && user.Subject is not null
                && await users.FindAsync(user.Subject, cancellation) is { } other
                && (other.DeletedAt is not null || !await IsKnownAsAsync(other, user.Username, cancellation)))
                problems.Add($"{path}.subject", other.DeletedAt is null ? $"is the subject of another user, {other.Username}" : "was the subject of a deleted user and can't be used again");
            // Compared by name, because another import may be creating the same user with a new subject.
            if (EmailLogin(user) is { } email && await FindByLoginAsync(email, cancellation) is { } owner && !IsNamed(owner, user.Username))
                ReportTaken(path, user);
        }
    }

    public async Task<List<ImportOutcome>> ApplyAsync(IReadOnlyList<ImportedUser> wanted, CancellationToken cancellation)
    {
        List<ImportOutcome> outcomes = [];
        foreach (var (index, user) in wanted.Index())
            outcomes.Add(await ApplyAsync(user, $"users[{index}]", cancellation));
        return outcomes;
    }

    private async Task<ImportOutcome> ApplyAsync(ImportedUser wanted, string path, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var stored = await FindAsync(wanted, cancellation);
            if (stored is not null)
            {
                if (await TryUpdateAsync(stored, wanted, path, cancellation) is { } outcome)
                    return outcome;
            }
            else if (await users.TryCreateAsync(New(wanted), byOperator: true, cancellation))
            {
                return ImportOutcome.Created;
            }
            else
            {
                // Another import is creating the same user: its parts appear one by one.
                await Task.Delay(Pause, cancellation);
            }
        }
        problems.Add(
            path,
            $"could not be written, because somebody else is changing the user {wanted.Username} or took the email address: run the import again");
        return ImportOutcome.Unchanged;
    }

    /// <summary>By the username, or else by the subject, because an interrupted import may have left a user without its name.</summary>
    private async Task<User?> FindAsync(ImportedUser wanted, CancellationToken cancellation)
    {
        var subject = await users.FindOwnerAsync(wanted.Username, cancellation) ?? wanted.Subject;
        var user = subject is null ? null : await users.FindAsync(subject, cancellation);
        return user is { DeletedAt: null } && await IsKnownAsAsync(user, wanted.Username, cancellation) ? user : null;
    }

    private async Task<User?> FindByLoginAsync(string loginName, CancellationToken cancellation) =>
        await users.FindOwnerAsync(loginName, cancellation) is { } subject && await users.FindAsync(subject, cancellation) is { DeletedAt: null } user ? user : null;

    /// <summary>By the current or a former username. The file decides the username.</summary>
    private async Task<bool> IsKnownAsAsync(User user, string username, CancellationToken cancellation) =>
        IsNamed(user, username)
        || (!user.HasLoginName(username) && await users.FindOwnerAsync(username, cancellation) == user.Subject);

    private User New(ImportedUser wanted)
    {
        var user = new User
        {
            // Lower-case hex: it can't begin with "decoy-".
            Subject = wanted.Subject ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Username = wanted.Username,
            PasswordHash = wanted.PasswordHash,
            Disabled = wanted.Disabled ?? false,
            Claims = wanted.Claims ?? [],
            Groups = Group.Normalize(wanted.Groups ?? []),
        };
        return wanted.Password is null ? user : user with { PasswordHash = hasher.HashPassword(user, PasswordRules.Normalize(wanted.Password)) };
    }

    /// <returns>Null when the user was deleted in the meantime.</returns>
    private async Task<ImportOutcome?> TryUpdateAsync(User stored, ImportedUser wanted, string path, CancellationToken cancellation)
    {
        ImportOutcome? outcome = null;
        User? before = null, after, refused = null;
        try
        {
            after = await CompareAndSwap.ChangeAsync(stored, ChangedAsync, users.TrySaveAsync, cancellation);
        }
        catch (LastAdministratorException)
        {
            // The user gets the stored names again.
            foreach (var name in before!.LoginNames())
                await users.TryAddLoginNameAsync(name, before.Subject, cancellation);
            foreach (var name in refused!.LoginNames())
                await users.RetireLoginNameAsync(name, before.Subject, cancellation);
            problems.Add(path, $"could not be written, because {before.Username} is the last administrator");
            return ImportOutcome.Unchanged;
        }
        if (before is not null && after is not null && outcome == ImportOutcome.Updated)
            await events.NoteChangesAsync(before, after);
        return outcome;

        async ValueTask<User?> ChangedAsync(User? current)
        {
            (outcome, before) = (null, current);
            if (current is not { DeletedAt: null })
                return null;
            var updated = Updated(current, wanted);
            // The names are written first: if one is taken, the user has not been changed.
            if (await AddLoginNamesAsync(updated, cancellation) is not { } added)
            {
                ReportTaken(path, wanted);
                outcome = ImportOutcome.Unchanged;
                return null;
            }
            outcome = added ? ImportOutcome.Updated : ImportOutcome.Unchanged;
            if (current.HasSameRecordAs(updated))
                return null;
            // An old name is removed before the user is written. If the import is interrupted here, the next import completes it.
            foreach (var former in current.LoginNames().Select(LoginName.Normalize).Except(updated.LoginNames().Select(LoginName.Normalize)))
                await users.RemoveLoginNameAsync(former, current.Subject, cancellation);
            outcome = ImportOutcome.Updated;
            return refused = updated;
        }
    }

    private User Updated(User stored, ImportedUser wanted)
    {
        var updated = stored with
        {
            Username = wanted.Username,
            Claims = wanted.Claims ?? stored.Claims,
            Groups = wanted.Groups is { } groups ? Group.Normalize(groups) : stored.Groups,
        };
        // If the account is closed or the password changed, earlier logins become invalid.
        if (wanted.Disabled is { } disabled)
            updated = !disabled ? updated with { Disabled = false } : stored.Disabled ? updated : updated.Disable(clock.GetUtcNow());
        var hash = wanted.Password is null ? wanted.PasswordHash ?? stored.PasswordHash
            : Opens(stored, wanted.Password) ? stored.PasswordHash
            : hasher.HashPassword(updated, PasswordRules.Normalize(wanted.Password));
        return hash == stored.PasswordHash ? updated : updated.WithPassword(hash, clock.GetUtcNow());
    }

    private static bool Opens(User stored, string password) =>
        stored.PasswordHash is { } text && StoredHash.TryParse(text, out var hash)
        && ((string[])[password, PasswordRules.Normalize(password)]).Distinct().Any(hash.Matches);

    /// <returns>Whether a name was missing; null when a name belongs to another user.</returns>
    private async Task<bool?> AddLoginNamesAsync(User user, CancellationToken cancellation)
    {
        var added = false;
        foreach (var name in user.LoginNames())
        {
            if (await users.FindSubjectAsync(name, cancellation) == user.Subject)
                continue;
            if (!await users.TryAddLoginNameAsync(name, user.Subject, cancellation))
                return null;
            added = true;
        }
        return added;
    }

    private void ReportTaken(string path, ImportedUser user) =>
        problems.Add($"{path}.claims.email", $"of {user.Username} is already the login name of another user");

    /// <summary>The email address with which the user could also sign in.</summary>
    private static string? EmailLogin(ImportedUser user) =>
        new User { Subject = "", Username = user.Username, Claims = user.Claims ?? [] }.LoginNames().ElementAtOrDefault(1);

    private static bool IsNamed(User user, string username) => LoginName.Normalize(user.Username) == LoginName.Normalize(username);
}
