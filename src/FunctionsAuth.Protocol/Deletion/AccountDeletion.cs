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

    /// <param name="authTime">Of the login by which the person does it; null for an operator.</param>
    /// <returns>Who took part in the sessions of the person; null when that login is not good any more, and nothing was done then.</returns>
    public async Task<IReadOnlyList<LogoutRecipient>?> DeleteAsync(User user, DateTimeOffset? authTime, CancellationToken cancellation)
    {
        var pseudonym = "deleted-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PseudonymLength));
        var deletion = await deletions.BeginAsync(new Deletion(user.Subject, pseudonym, [.. user.LoginNames()], clock.GetUtcNow()), cancellation);
        var isTrusted = false;
        await CompareAndSwap.ChangeAsync(user, Deleted, users.TrySaveAsync, cancellation);
        if (!isTrusted)
        {
            await deletions.EndAsync(deletion, cancellation);
            return null;
        }
        return await FinishAsync(deletion, authTime is null ? AuditActor.Operator : AuditActor.Person, cancellation);

        User? Deleted(User? current)
        {
            isTrusted = current is not null && (authTime is not { } moment || current.Trusts(moment));
            return isTrusted ? current!.Delete(clock.GetUtcNow()) : null;
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
                await FinishAsync(deletion, AuditActor.Server, cancellation);
            else
                await deletions.EndAsync(deletion, cancellation);
        }
        return open.Count;
    }

    /// <summary>It can be stopped at any point and run again.</summary>
    private async Task<IReadOnlyList<LogoutRecipient>> FinishAsync(Deletion deletion, AuditActor actor, CancellationToken cancellation)
    {
        var subject = deletion.Subject;
        await Task.WhenAll(deletion.LoginNames.Select(name => users.RemoveLoginNameAsync(name, subject, cancellation)));
        await consents.DeleteAllAsync(subject, cancellation);
        var told = await sessions.EndAllAsync(subject, except: null, cancellation);
        await audit.ForgetAsync(subject, deletion.Pseudonym, actor, cancellation);
        await deletions.EndAsync(deletion, cancellation);
        return told;
    }
}
