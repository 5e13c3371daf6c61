using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>What happens to the second factors of people.</summary>
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

    /// <param name="left">How many the person has left.</param>
    public Task RecoveryCodeUsedAsync(string subject, int left)
    {
        LogRecoveryCodeUsed(subject, left);
        return WriteAsync(AuditKind.RecoveryCodeUsed, AuditActor.Person, subject, detail: string.Create(CultureInfo.InvariantCulture, $"{left} left"));
    }

    [LoggerMessage(7024, LogLevel.Information, "{Subject} has a second factor now")]
    private partial void LogSecondFactorAdded(string subject);

    [LoggerMessage(7025, LogLevel.Information, "The second factor of {Subject} was taken away by {Actor}")]
    private partial void LogSecondFactorRemoved(string subject, AuditActor actor);

    [LoggerMessage(7026, LogLevel.Information, "{Subject} has new recovery codes")]
    private partial void LogRecoveryCodesMade(string subject);

    [LoggerMessage(7027, LogLevel.Warning, "{Subject} used a recovery code and has {Left} left")]
    private partial void LogRecoveryCodeUsed(string subject, int left);
}
