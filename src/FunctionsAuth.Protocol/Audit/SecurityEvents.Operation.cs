using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>What happens to the configuration of the server.</summary>
public sealed partial class SecurityEvents
{
    /// <param name="webhook">Its id.</param>
    /// <param name="change">Such as <c>created</c>, without a secret and without the address.</param>
    public Task WebhookChangedAsync(string webhook, AuditActor actor, string change)
    {
        LogWebhookChanged(webhook, change, actor);
        return WriteAsync(AuditKind.WebhookChanged, actor, detail: $"{webhook}: {change}", withOrigin: actor != AuditActor.Server);
    }

    [LoggerMessage(7060, LogLevel.Information, "Webhook {Webhook}: {Change}, by {Actor}")]
    private partial void LogWebhookChanged(string webhook, string change, AuditActor actor);
}
