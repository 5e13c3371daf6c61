using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Deletion;

/// <summary>
/// Deletes an account. One conditional write of the user's row ends the account and everything that depends on it. The row itself is kept without
/// personal data, so that no other user can get the subject. A timer deletes the rest of the data.
/// </summary>
public sealed class AccountDeletion(IDeletionStore deletions, IUserStore users, IUserDirectory directory, IGroupMembers members, ICredentialStore credentials, IConsentStore consents, SessionEnder sessions, AccountAudit audit, TimeProvider clock) : IExpiringTable
{
    private const int PseudonymLength = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "Deletions";

    /// <summary>A user deletes the own account. The account stops working at once.</summary>
    /// <param name="authTime">The time of the login with which the user deletes the account.</param>
    /// <returns>The clients that took part in the sessions of the user; null when that login is no longer valid, in which case nothing is changed.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, DateTimeOffset authTime, CancellationToken cancellation)
    {
        return await DeleteAsync(user, AuditActor.Person, current => current.Trusts(authTime), cancellation);
    }

    /// <summary>The account stops working at once, and the clients of the user are told.</summary>
    /// <param name="mayDelete">Called with the user record that is about to be written. It decides whether the user can be deleted.</param>
    /// <returns>The clients that took part in the sessions of the user; null when the user cannot be deleted or is already deleted.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, AuditActor actor, Func<User, bool> mayDelete, CancellationToken cancellation)
    {
        if (await BeginAsync(user, actor, mayDelete, cancellation) is not { } deletion)
            return null;
        await RetireNamesAsync(deletion, cancellation);
        return await sessions.EndAllAsync(user.Subject, cancellation);
    }

    /// <summary>
    /// An operator deletes an account. The account stops working at once. The timer of the server does the rest, because only the server can sign the
    /// messages to the clients.
    /// </summary>
    public Task BeginAsync(User user, CancellationToken cancellation) => BeginAsync(user, AuditActor.Operator, _ => true, cancellation);

    /// <summary>Completes the deletions that have begun. Only this method removes the note of a deletion.</summary>
    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        // Requests that began before the account was deleted have ended by then, so nothing for this account is written later.
        var due = (await deletions.ListAsync(cancellation)).Where(deletion => deletion.BegunAt + Patience <= now).ToList();
        TemporarilyUnavailableException? failure = null;
        foreach (var deletion in due)
        {
            try
            {
                // A deletion that was interrupted before the user's row was written has no effect.
                if ((await users.FindAsync(deletion.Subject, cancellation))?.DeletedAt is not null)
                    await FinishAsync(deletion, cancellation);
                await deletions.EndAsync(deletion, cancellation);
            }
            catch (TemporarilyUnavailableException e)
            {
                failure = e;
            }
        }
        return failure is null ? due.Count : throw failure;
    }

    private async Task<Deletion?> BeginAsync(User user, AuditActor actor, Func<User, bool> mayDelete, CancellationToken cancellation)
    {
        Deletion? deletion = null;
        await CompareAndSwap.ChangeAsync(user, DeletedAsync, users.TrySaveAsync, cancellation);
        return deletion;

        async ValueTask<User?> DeletedAsync(User? current)
        {
            deletion = null;
            if (current is not { DeletedAt: null } || !mayDelete(current))
                return null;
            // The note is written first, with the current names of the account. Without the note, nothing would complete an interrupted deletion.
            deletion = new Deletion(current.Subject, NewPseudonym(), actor, [.. current.LoginNames()], clock.GetUtcNow()) { Groups = current.Groups };
            await deletions.SaveAsync(deletion, cancellation);
            return current.Delete(clock.GetUtcNow());
        }
    }

    /// <summary>It can be stopped at any point and run again.</summary>
    private async Task FinishAsync(Deletion deletion, CancellationToken cancellation)
    {
        await RetireNamesAsync(deletion, cancellation);
        foreach (var name in deletion.LoginNames)
            await directory.ForgetAsync(name, deletion.Subject, cancellation);
        foreach (var group in deletion.Groups)
            await members.ForgetAsync(group, deletion.Subject, cancellation);
        await sessions.EndAllAsync(deletion.Subject, cancellation);
        await credentials.DeleteAsync(deletion.Subject, cancellation);
        await consents.DeleteAllAsync(deletion.Subject, cancellation);
        await audit.ForgetAsync(deletion.Subject, deletion.Pseudonym, deletion.Actor, cancellation);
    }

    private Task RetireNamesAsync(Deletion deletion, CancellationToken cancellation) =>
        Task.WhenAll(deletion.LoginNames.Select(name => users.RetireLoginNameAsync(name, deletion.Subject, cancellation)));

    private static string NewPseudonym() => "deleted-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PseudonymLength));
}
