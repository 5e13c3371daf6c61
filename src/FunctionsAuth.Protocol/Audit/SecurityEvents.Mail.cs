using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Events of links in mails and of the pages for them.</summary>
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

    /// <param name="version">The version of the terms, as the operator names it.</param>
    public Task TermsAcceptedAsync(string subject, string version)
    {
        LogTermsAccepted(subject, version);
        return WriteAsync(AuditKind.TermsAccepted, AuditActor.Person, subject, detail: version);
    }

    public Task InvitedAsync(string subject)
    {
        LogInvited(subject);
        return WriteAsync(AuditKind.Invited, AuditActor.Operator, subject);
    }

    public Task InvitationAcceptedAsync(string subject)
    {
        LogInvitationAccepted(subject);
        return WriteAsync(AuditKind.InvitationAccepted, AuditActor.Person, subject);
    }

    [LoggerMessage(7050, LogLevel.Information, "The password of {Subject} was changed by a link in a mail")]
    private partial void LogPasswordReset(string subject);

    [LoggerMessage(7051, LogLevel.Information, "The email address of {Subject} was changed and verified")]
    private partial void LogEmailChanged(string subject);

    [LoggerMessage(7052, LogLevel.Warning, "A change of the email address of {Subject} was taken back by a link in a mail")]
    private partial void LogEmailRestored(string subject);

    [LoggerMessage(7053, LogLevel.Information, "{Subject} accepted version {Version} of the terms of service")]
    private partial void LogTermsAccepted(string subject, string version);

    [LoggerMessage(7054, LogLevel.Information, "An operator invited {Subject}")]
    private partial void LogInvited(string subject);

    [LoggerMessage(7055, LogLevel.Information, "{Subject} accepted an invitation and has a password now")]
    private partial void LogInvitationAccepted(string subject);
}
