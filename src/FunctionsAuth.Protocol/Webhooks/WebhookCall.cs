using System.Net.Http.Headers;
using System.Net.Mime;
using FunctionsAuth.Protocol.Fetch;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The kinds of answers of a webhook.</summary>
public enum WebhookCallResult
{
    Taken,

    /// <summary>Status 410: the receiver wants no more events.</summary>
    Gone,

    /// <summary>A later attempt may succeed.</summary>
    Failed,
}

/// <param name="Outcome">The result for the operator, in English. It contains no text from the answer.</param>
public sealed record WebhookCallAnswer(WebhookCallResult Result, string Outcome);

/// <summary>Posts an event to a webhook.</summary>
public sealed class WebhookCall(ClientFetcher fetcher, WebhookSecrets secrets)
{
    /// <exception cref="Errors.TemporarilyUnavailableException">The vault or storage did not answer.</exception>
    public async Task<WebhookCallAnswer> PostAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken cancellation)
    {
        if (await secrets.SignAsync(webhook, delivery.EventId, delivery.Body, cancellation) is not { } headers)
            return new(WebhookCallResult.Failed, "no secret of the webhook could be opened");
        try
        {
            var content = new ByteArrayContent(delivery.Body) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json) } };
            var status = (int)await fetcher.PostAsync(webhook.Url, content, headers, cancellation);
            return new(status is >= 200 and < 300 ? WebhookCallResult.Taken : status == StatusCodes.Status410Gone ? WebhookCallResult.Gone : WebhookCallResult.Failed, $"the answer was {status}");
        }
        catch (FetchException e)
        {
            return new(WebhookCallResult.Failed, e.Message);
        }
    }
}
