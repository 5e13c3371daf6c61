using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>Queues each event for the webhooks that subscribe to it.</summary>
public sealed partial class WebhookPublisher(WebhookRegistry registry, WebhookQueue queue, ServerUrls urls, ILogger<WebhookPublisher> log) : IEventSubscriber
{
    public async Task TellAsync(AuditEvent entry)
    {
        if (EventTypes.Of(entry.Kind) is not { } type || IsOfWebhook(entry))
            return;
        try
        {
            var wanting = (await registry.LoadAsync(CancellationToken.None)).Where(webhook => webhook.Wants(type)).ToList();
            if (wanting.Count == 0)
                return;
            var told = WebhookEvent.Of(entry, type, urls.Issuer);
            await Task.WhenAll(wanting.Select(webhook => AddAsync(webhook.Id, told)));
        }
        catch (Exception e)
        {
            LogNotRead(type, e);
        }
    }

    private async Task AddAsync(string webhookId, WebhookEvent told)
    {
        try
        {
            await queue.AddAsync(webhookId, told);
        }
        catch (Exception e)
        {
            // The event has happened already, so a problem of the outbox must not fail the request.
            LogNotQueued(webhookId, told.Type, told.Id, e);
        }
    }

    /// <summary>
    /// Webhooks must not be told that deliveries to webhooks were given up. If the receivers are down, each such event would fail and cause the next one.
    /// </summary>
    private static bool IsOfWebhook(AuditEvent entry) =>
        entry.Kind == AuditKind.DeliveryGivenUp && entry.Detail?.StartsWith(WebhookDeliverer.Name + " ", StringComparison.Ordinal) == true;

    [LoggerMessage(3401, LogLevel.Error, "No webhook is told of an event of type {Type}, because the webhooks could not be read")]
    private partial void LogNotRead(string type, Exception exception);

    [LoggerMessage(3402, LogLevel.Error, "Webhook {Webhook} may not be told of {Type} {EventId}, because storage did not take it")]
    private partial void LogNotQueued(string webhook, string type, string eventId, Exception exception);
}
