using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>Tells a user when a sign-in method has changed, because somebody else may have changed it.</summary>
public sealed class FactorChanges(SecurityEvents events, AccountMails notices, IUserStore users)
{
    public async Task PasskeyAddedAsync(User user)
    {
        await events.PasskeyAddedAsync(user.Subject);
        await TellAsync(AccountChange.PasskeyAdded, user);
    }

    public Task PasskeyRenamedAsync(User user) => events.PasskeyRenamedAsync(user.Subject);

    public async Task PasskeyRemovedAsync(User user)
    {
        await events.PasskeyRemovedAsync(user.Subject, AuditActor.Person);
        await TellAsync(AccountChange.PasskeyRemoved, user);
    }

    /// <summary>An operator made the change.</summary>
    public async Task PasskeysTakenAwayAsync(User user)
    {
        await events.PasskeyRemovedAsync(user.Subject, AuditActor.Operator);
        await TellAsync(AccountChange.PasskeyRemoved, user, AuditActor.Operator);
    }

    public async Task SecondFactorAddedAsync(string subject)
    {
        await events.SecondFactorAddedAsync(subject);
        await TellAsync(AccountChange.SecondFactorAdded, subject);
    }

    public async Task SecondFactorRemovedAsync(string subject, AuditActor actor)
    {
        await events.SecondFactorRemovedAsync(subject, actor);
        await TellAsync(AccountChange.SecondFactorRemoved, subject, actor);
    }

    public async Task RecoveryCodesMadeAsync(string subject)
    {
        await events.RecoveryCodesMadeAsync(subject);
        await TellAsync(AccountChange.RecoveryCodesMade, subject);
    }

    /// <param name="left">The number of codes that are left.</param>
    public async Task RecoveryCodeUsedAsync(string subject, int left)
    {
        await events.RecoveryCodeUsedAsync(subject, left);
        await TellAsync(AccountChange.RecoveryCodeUsed, subject);
    }

    private async Task TellAsync(AccountChange change, string subject, AuditActor actor = AuditActor.Person)
    {
        if (!notices.AreOn)
            return;
        try
        {
            if (await users.FindAsync(subject, CancellationToken.None) is { } user)
                await TellAsync(change, user, actor);
        }
        catch (TemporarilyUnavailableException e)
        {
            // The change was made anyway, and the audit has it.
            notices.LogNotSent(change, e);
        }
    }

    private Task TellAsync(AccountChange change, User user, AuditActor actor = AuditActor.Person) => notices.TellAsync(change, user.AsRecipient(), actor == AuditActor.Operator);
}
