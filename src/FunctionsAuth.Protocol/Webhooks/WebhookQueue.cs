using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Outbox;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>Puts an event into the outbox for a webhook, and into the list of its deliveries.</summary>
public sealed class WebhookQueue(OutboxWriter outbox, IWebhookDeliveryStore deliveries, TimeProvider clock)
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. It may be delivered nevertheless.</exception>
    public async Task<WebhookDelivery> AddAsync(string webhookId, WebhookEvent entry)
    {
        var delivery = WebhookDelivery.New(webhookId, entry, clock.GetUtcNow(), OutboxRetries.Usual);
        // Nobody's cancellation ends it: the event has happened.
        await Task.WhenAll(
            outbox.WriteAsync(WebhookDeliverer.Name, PayloadOf(delivery), OutboxRetries.Usual, CancellationToken.None),
            deliveries.InsertAsync(delivery, CancellationToken.None));
        return delivery;
    }

    public static byte[] PayloadOf(WebhookDelivery delivery) => JsonSerializer.SerializeToUtf8Bytes(delivery, WebhookJson.Default.WebhookDelivery);

    public static WebhookDelivery DeliveryOf(byte[] payload) => JsonSerializer.Deserialize(payload, WebhookJson.Default.WebhookDelivery)!;
}

/// <summary>How a delivery stands in a row of the outbox.</summary>
[JsonSerializable(typeof(WebhookDelivery))]
internal sealed partial class WebhookJson : JsonSerializerContext;
