using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>
/// Makes one attempt to deliver an event to a webhook, and stores the result. Each attempt is signed with the secrets that the webhook has at that time.
/// </summary>
public sealed partial class WebhookDeliverer(
    IWebhookStore webhooks, IWebhookDeliveryStore deliveries, WebhookCall call, SecurityEvents events, TimeProvider clock, ILogger<WebhookDeliverer> log) : IOutboxDeliverer
{
    public const string Name = "webhook";

    public string Kind => Name;

    public async Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation)
    {
        var delivery = WebhookQueue.DeliveryOf(item.Payload) with { Attempts = item.Attempts };
        // The webhook was deleted, so nobody looks at its deliveries any more.
        if (await webhooks.FindAsync(delivery.WebhookId, cancellation) is not { } webhook)
            return Delivery.Done;
        if (webhook.Disabled)
        {
            await NoteAsync(delivery, WebhookDeliveryState.GivenUp, "the webhook is disabled");
            return Delivery.Done;
        }
        var answer = await call.PostAsync(webhook, delivery, cancellation);
        switch (answer.Result)
        {
            case WebhookCallResult.Taken:
                await NoteAsync(delivery, WebhookDeliveryState.Delivered, answer.Outcome);
                return Delivery.Done;
            case WebhookCallResult.Gone:
                await NoteAsync(delivery, WebhookDeliveryState.GivenUp, answer.Outcome);
                await DisableAsync(webhook, cancellation);
                return Delivery.Refused($"webhook {webhook.Id}: {answer.Outcome}");
            default:
                await NoteAsync(delivery, OutboxRetries.IsLast(item, clock.GetUtcNow()) ? WebhookDeliveryState.GivenUp : WebhookDeliveryState.Pending, answer.Outcome);
                return Delivery.Failed($"webhook {webhook.Id}: {answer.Outcome}");
        }
    }

    private async Task NoteAsync(WebhookDelivery delivery, WebhookDeliveryState state, string outcome)
    {
        try
        {
            await deliveries.SaveAsync(delivery with { State = state, Outcome = outcome }, CancellationToken.None);
        }
        catch (TemporarilyUnavailableException e)
        {
            // The delivery succeeded. The receiver must not get it again only because the result could not be stored.
            LogNotNoted(delivery.Id, delivery.WebhookId, e);
        }
    }

    private async Task DisableAsync(Webhook webhook, CancellationToken cancellation)
    {
        var isDone = false;
        await CompareAndSwap.ChangeAsync(webhook, Change, webhooks.TrySaveAsync, cancellation);
        if (isDone)
            await events.WebhookChangedAsync(webhook.Id, AuditActor.Server, "disabled, because it answered 410");

        Webhook? Change(Webhook? current)
        {
            // If an operator changed the address meanwhile, the new address is not disabled, because the old one gave the answer.
            isDone = current is { Disabled: false } && current.Url == webhook.Url;
            return isDone ? current! with { Disabled = true } : null;
        }
    }

    [LoggerMessage(3403, LogLevel.Warning, "The outcome of delivery {Delivery} to webhook {Webhook} could not be written down")]
    private partial void LogNotNoted(string delivery, string webhook, Exception exception);
}
