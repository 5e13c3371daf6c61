using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The deliveries of the last 7 days, for operators.</summary>
public sealed class WebhookDeliveries(IWebhookStore webhooks, IWebhookDeliveryStore store, WebhookQueue queue, ServerUrls urls, TimeProvider clock)
{
    /// <summary>The newest first.</summary>
    /// <exception cref="OAuthException"><c>invalid_request</c>: <see cref="ListRequest.After"/> does not come from an earlier list.</exception>
    public async Task<ListPage<WebhookDelivery>> ListAsync(string webhookId, ListRequest request, CancellationToken cancellation)
    {
        var page = await store.ListAsync(webhookId, request, clock.GetUtcNow(), cancellation);
        return page.With(page.Items.Select(Shown));
    }

    public async Task<WebhookDelivery?> FindAsync(string webhookId, string id, CancellationToken cancellation) =>
        await store.FindAsync(webhookId, id, cancellation) is { } delivery ? Shown(delivery) : null;

    /// <summary>Queues the same event again with the same id, as a new delivery.</summary>
    /// <returns>Null if the webhook or the delivery does not exist.</returns>
    /// <exception cref="OAuthException"><c>invalid_request</c>: the webhook is disabled.</exception>
    public async Task<WebhookDelivery?> SendAgainAsync(string webhookId, string id, CancellationToken cancellation) =>
        await FindEnabledAsync(webhookId, cancellation) && await store.FindAsync(webhookId, id, cancellation) is { } sent
            ? await queue.AddAsync(webhookId, new WebhookEvent(sent.EventId, sent.Type, sent.Body))
            : null;

    /// <summary>Queues an event of type <see cref="EventTypes.Ping"/>, even if the webhook is not subscribed to it.</summary>
    /// <returns>Null if the webhook does not exist.</returns>
    /// <inheritdoc cref="SendAgainAsync"/>
    public async Task<WebhookDelivery?> SendTestAsync(string webhookId, CancellationToken cancellation) =>
        await FindEnabledAsync(webhookId, cancellation) ? await queue.AddAsync(webhookId, WebhookEvent.Ping(urls.Issuer, clock.GetUtcNow())) : null;

    /// <summary>If the result of the last attempt could not be stored, the delivery counts as given up after its time has passed.</summary>
    private WebhookDelivery Shown(WebhookDelivery delivery) =>
        delivery.State == WebhookDeliveryState.Pending && delivery.Until < clock.GetUtcNow() ? delivery with { State = WebhookDeliveryState.GivenUp } : delivery;

    private async Task<bool> FindEnabledAsync(string webhookId, CancellationToken cancellation) => await webhooks.FindAsync(webhookId, cancellation) switch
    {
        null => false,
        { Disabled: true } => throw OAuthError.InvalidRequest("The webhook is disabled"),
        _ => true,
    };
}
