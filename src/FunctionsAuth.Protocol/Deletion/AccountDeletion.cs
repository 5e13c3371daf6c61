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
/// Deletes an account. One conditional write of the user's row makes everything of it dead at once; that row stays without any personal data, so
/// that nobody else ever gets the subject. The timer deletes what else there is.
/// </summary>
public sealed class AccountDeletion(IDeletionStore deletions, IUserStore users, IUserDirectory directory, IGroupMembers members, ICredentialStore credentials, IConsentStore consents, SessionEnder sessions, AccountAudit audit, TimeProvider clock) : IExpiringTable
{
    private const int PseudonymLength = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "Deletions";

    /// <summary>A person deletes the own account, which is dead at once.</summary>
    /// <param name="authTime">Of the login by which the person does it.</param>
    /// <returns>Who took part in the sessions of the person; null when that login is not good any more, and nothing was done then.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, DateTimeOffset authTime, CancellationToken cancellation)
    {
        return await DeleteAsync(user, AuditActor.Person, current => current.Trusts(authTime), cancellation);
    }

    /// <summary>The account is dead at once, and the clients of the person are told.</summary>
    /// <param name="mayDelete">Looks at the user as it stands at the moment of the write.</param>
    /// <returns>Who took part in the sessions of the person; null when the user must not be deleted, or was deleted before.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, AuditActor actor, Func<User, bool> mayDelete, CancellationToken cancellation)
    {
        if (await BeginAsync(user, actor, mayDelete, cancellation) is not { } deletion)
            return null;
        await RetireNamesAsync(deletion, cancellation);
        return await sessions.EndAllAsync(user.Subject, cancellation);
    }

    /// <summary>
    /// An operator deletes an account, which is dead at once. The timer of the server does the rest, as only the server can sign what tells the
    /// clients.
    /// </summary>
    public Task BeginAsync(User user, CancellationToken cancellation) => BeginAsync(user, AuditActor.Operator, _ => true, cancellation);

    /// <summary>Does what is left of the deletions that have begun. A note is ended here and nowhere else.</summary>
    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        // Requests that began before the account was dead have ended by then, so nothing is written after this any more.
        var due = (await deletions.ListAsync(cancellation)).Where(deletion => deletion.BegunAt + Patience <= now).ToList();
        TemporarilyUnavailableException? failure = null;
        foreach (var deletion in due)
        {
            try
            {
                // One that was interrupted before the user's row was written has not happened.
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
            // The note first, with the names that the account has now: without it nobody would finish what is interrupted.
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
