using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Events of the second factors of users.</summary>
public sealed partial class SecurityEvents
{
    public Task SecondFactorAddedAsync(string subject)
    {
        LogSecondFactorAdded(subject);
        return WriteAsync(AuditKind.SecondFactorAdded, AuditActor.Person, subject);
    }

    public Task SecondFactorRemovedAsync(string subject, AuditActor actor)
    {
        LogSecondFactorRemoved(subject, actor);
        return WriteAsync(AuditKind.SecondFactorRemoved, actor, subject);
    }

    public Task RecoveryCodesMadeAsync(string subject)
    {
        LogRecoveryCodesMade(subject);
        return WriteAsync(AuditKind.RecoveryCodesMade, AuditActor.Person, subject);
    }

    /// <param name="left">The number of codes that are left.</param>
    public Task RecoveryCodeUsedAsync(string subject, int left)
    {
        LogRecoveryCodeUsed(subject, left);
        return WriteAsync(AuditKind.RecoveryCodeUsed, AuditActor.Person, subject, detail: string.Create(CultureInfo.InvariantCulture, $"{left} left"));
    }

    public Task PasskeyAddedAsync(string subject)
    {
        LogPasskeyAdded(subject);
        return WriteAsync(AuditKind.PasskeyAdded, AuditActor.Person, subject);
    }

    public Task PasskeyRenamedAsync(string subject)
    {
        LogPasskeyRenamed(subject);
        return WriteAsync(AuditKind.PasskeyRenamed, AuditActor.Person, subject);
    }

    public Task PasskeyRemovedAsync(string subject, AuditActor actor)
    {
        LogPasskeyRemoved(subject, actor);
        return WriteAsync(AuditKind.PasskeyRemoved, actor, subject);
    }

    /// <summary>WebAuthn §6.1.1: somebody may have a copy of the passkey, so its answer was refused.</summary>
    public Task PasskeyCountedBackAsync(string subject)
    {
        LogPasskeyCountedBack(subject);
        return WriteAsync(AuditKind.PasskeyCountedBack, AuditActor.Server, subject);
    }

    [LoggerMessage(7024, LogLevel.Information, "{Subject} has a second factor now")]
    private partial void LogSecondFactorAdded(string subject);

    [LoggerMessage(7025, LogLevel.Information, "The second factor of {Subject} was taken away by {Actor}")]
    private partial void LogSecondFactorRemoved(string subject, AuditActor actor);

    [LoggerMessage(7026, LogLevel.Information, "{Subject} has new recovery codes")]
    private partial void LogRecoveryCodesMade(string subject);

    [LoggerMessage(7027, LogLevel.Warning, "{Subject} used a recovery code and has {Left} left")]
    private partial void LogRecoveryCodeUsed(string subject, int left);

    [LoggerMessage(7040, LogLevel.Information, "{Subject} added a passkey")]
    private partial void LogPasskeyAdded(string subject);

    [LoggerMessage(7041, LogLevel.Information, "{Subject} renamed a passkey")]
    private partial void LogPasskeyRenamed(string subject);

    [LoggerMessage(7042, LogLevel.Information, "A passkey of {Subject} was removed by {Actor}")]
    private partial void LogPasskeyRemoved(string subject, AuditActor actor);

    [LoggerMessage(7043, LogLevel.Warning, "The counter of a passkey of {Subject} went back, as if there were two copies of it; it was refused")]
    private partial void LogPasskeyCountedBack(string subject);
}
