using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Events of the server's configuration.</summary>
public sealed partial class SecurityEvents
{
    /// <param name="webhook">Its id.</param>
    /// <param name="change">The change, such as <c>created</c>, without a secret and without the address.</param>
    public Task WebhookChangedAsync(string webhook, AuditActor actor, string change)
    {
        LogWebhookChanged(webhook, change, actor);
        return WriteAsync(AuditKind.WebhookChanged, actor, detail: $"{webhook}: {change}", withOrigin: actor != AuditActor.Server);
    }

    /// <summary>An operator changed a record that is not a user or a client.</summary>
    /// <param name="what">Its kind, its name, and hashes of it before and after.</param>
    public Task ConfigurationChangedAsync(string what)
    {
        LogConfigurationChanged(what, ActingAs.Current);
        return WriteAsync(AuditKind.ConfigurationChanged, AuditActor.Operator, detail: what);
    }

    /// <summary>Earlier wrong passwords do not count against the account any more.</summary>
    public Task AccountUnlockedAsync(string subject, AuditActor actor)
    {
        LogAccountUnlocked(subject, actor);
        return WriteAsync(AuditKind.AccountUnlocked, actor, subject);
    }

    [LoggerMessage(7060, LogLevel.Information, "Webhook {Webhook}: {Change}, by {Actor}")]
    private partial void LogWebhookChanged(string webhook, string change, AuditActor actor);

    [LoggerMessage(7071, LogLevel.Information, "The configuration was changed by {By}: {What}")]
    private partial void LogConfigurationChanged(string what, string? by);

    [LoggerMessage(7072, LogLevel.Information, "The account of {Subject} was unlocked by {Actor}")]
    private partial void LogAccountUnlocked(string subject, AuditActor actor);
}
