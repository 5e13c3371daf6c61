using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Outbox;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>Puts an event for a webhook into the outbox, and into the list of the webhook's deliveries.</summary>
public sealed class WebhookQueue(OutboxWriter outbox, IWebhookDeliveryStore deliveries, TimeProvider clock)
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. It may be delivered nevertheless.</exception>
    public async Task<WebhookDelivery> AddAsync(string webhookId, WebhookEvent entry)
    {
        var delivery = WebhookDelivery.New(webhookId, entry, clock.GetUtcNow(), OutboxRetries.Usual);
        // No cancellation token is passed, because the event has happened already.
        await Task.WhenAll(
            outbox.WriteAsync(WebhookDeliverer.Name, PayloadOf(delivery), OutboxRetries.Usual, CancellationToken.None),
            deliveries.InsertAsync(delivery, CancellationToken.None));
        return delivery;
    }

    public static byte[] PayloadOf(WebhookDelivery delivery) => JsonSerializer.SerializeToUtf8Bytes(delivery, WebhookJson.Default.WebhookDelivery);

    public static WebhookDelivery DeliveryOf(byte[] payload) => JsonSerializer.Deserialize(payload, WebhookJson.Default.WebhookDelivery)!;
}

/// <summary>The JSON form of a delivery in a row of the outbox.</summary>
[JsonSerializable(typeof(WebhookDelivery))]
internal sealed partial class WebhookJson : JsonSerializerContext;
