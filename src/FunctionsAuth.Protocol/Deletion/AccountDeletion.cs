using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Deletion;

/// <summary>
/// Deletes an account. One conditional write of the user's row makes everything of it dead at once; that row stays without any personal data, so
/// that nobody else ever gets the subject. What else there is goes after it, and the timer goes on where that was interrupted.
/// </summary>
public sealed class AccountDeletion(IDeletionStore deletions, IUserStore users, IConsentStore consents, SessionEnder sessions, AccountAudit audit, TimeProvider clock) : IExpiringTable
{
    private const int PseudonymLength = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "Deletions";

    /// <summary>A person deletes the own account.</summary>
    /// <param name="authTime">Of the login by which the person does it.</param>
    /// <returns>Who took part in the sessions of the person; null when that login is not good any more, and nothing was done then.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, DateTimeOffset authTime, CancellationToken cancellation) =>
        await BeginAsync(user, AuditActor.Person, current => current.Trusts(authTime), cancellation) is { } deletion ? await FinishAsync(deletion, cancellation) : null;

    /// <summary>
    /// An operator deletes an account. It is dead at once. The timer of the server does the rest within the hour, as only the server can sign what
    /// tells the clients.
    /// </summary>
    public Task BeginAsync(User user, CancellationToken cancellation) => BeginAsync(user, AuditActor.Operator, _ => true, cancellation);

    private async Task<Deletion?> BeginAsync(User user, AuditActor actor, Func<User, bool> mayDelete, CancellationToken cancellation)
    {
        var pseudonym = "deleted-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PseudonymLength));
        var deletion = await deletions.BeginAsync(new Deletion(user.Subject, pseudonym, actor, [.. user.LoginNames()], clock.GetUtcNow()), cancellation);
        var isDeleted = false;
        await CompareAndSwap.ChangeAsync(user, Deleted, users.TrySaveAsync, cancellation);
        if (isDeleted)
            return deletion;
        await deletions.EndAsync(deletion, cancellation);
        return null;

        User? Deleted(User? current)
        {
            isDeleted = current is not null && mayDelete(current);
            return isDeleted ? current!.Delete(clock.GetUtcNow()) : null;
        }
    }

    /// <summary>Goes on with the deletions that were interrupted.</summary>
    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        // A younger one may still be under way.
        var open = (await deletions.ListAsync(cancellation)).Where(deletion => deletion.BegunAt + Patience <= now).ToList();
        foreach (var deletion in open)
        {
            // One that was interrupted before the user's row was written has not happened.
            if ((await users.FindAsync(deletion.Subject, cancellation))?.DeletedAt is not null)
                await FinishAsync(deletion, cancellation);
            else
                await deletions.EndAsync(deletion, cancellation);
        }
        return open.Count;
    }

    /// <summary>It can be stopped at any point and run again.</summary>
    private async Task<IReadOnlyList<LogoutRecipient>> FinishAsync(Deletion deletion, CancellationToken cancellation)
    {
        var subject = deletion.Subject;
        await Task.WhenAll(deletion.LoginNames.Select(name => users.RemoveLoginNameAsync(name, subject, cancellation)));
        await consents.DeleteAllAsync(subject, cancellation);
        var told = await sessions.EndAllAsync(subject, except: null, cancellation);
        await audit.ForgetAsync(subject, deletion.Pseudonym, deletion.Actor, cancellation);
        await deletions.EndAsync(deletion, cancellation);
        return told;
    }
}
