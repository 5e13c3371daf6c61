using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>What people do by links in mails.</summary>
public sealed partial class SecurityEvents
{
    public Task PasswordResetAsync(string subject)
    {
        LogPasswordReset(subject);
        return WriteAsync(AuditKind.PasswordReset, AuditActor.Person, subject);
    }

    public Task EmailChangedAsync(string subject)
    {
        LogEmailChanged(subject);
        return WriteAsync(AuditKind.EmailChanged, AuditActor.Person, subject);
    }

    public Task EmailRestoredAsync(string subject)
    {
        LogEmailRestored(subject);
        return WriteAsync(AuditKind.EmailRestored, AuditActor.Person, subject);
    }

    [LoggerMessage(7050, LogLevel.Information, "The password of {Subject} was changed by a link in a mail")]
    private partial void LogPasswordReset(string subject);

    [LoggerMessage(7051, LogLevel.Information, "The email address of {Subject} was changed and verified")]
    private partial void LogEmailChanged(string subject);

    [LoggerMessage(7052, LogLevel.Warning, "A change of the email address of {Subject} was taken back by a link in a mail")]
    private partial void LogEmailRestored(string subject);
}
