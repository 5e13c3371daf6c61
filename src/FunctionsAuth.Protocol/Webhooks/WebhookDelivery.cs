using System.Globalization;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The states of a delivery. The names are stored in rows, so they must not change.</summary>
public enum WebhookDeliveryState
{
    Pending,
    Delivered,

    /// <summary>No more attempts are made.</summary>
    GivenUp,
}

/// <summary>The delivery of one event to one webhook, as operators see it.</summary>
public sealed record WebhookDelivery
{
    public required string WebhookId { get; init; }

    /// <summary>The id of the delivery. Newer deliveries have smaller ids. An event that is sent again has several deliveries.</summary>
    public required string Id { get; init; }

    public required string EventId { get; init; }
    public required string Type { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>The time until which attempts are made.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The body of the request: JSON in UTF-8.</summary>
    public required byte[] Body { get; init; }

    public WebhookDeliveryState State { get; init; }

    /// <summary>The number of attempts that were started.</summary>
    public int Attempts { get; init; }

    /// <summary>The result of the last attempt, in English; null before the first attempt has ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>The length of the time in an id, for <see cref="TimeOf"/>.</summary>
    private const int TimeLength = 16;

    private const int RandomLength = 8;

    public static WebhookDelivery New(string webhookId, WebhookEvent entry, DateTimeOffset now, TimeSpan goodFor) => new()
    {
        WebhookId = webhookId,
        Id = (DateTimeOffset.MaxValue.UtcTicks - now.UtcTicks).ToString("x16", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(RandomLength, lowercase: true),
        EventId = entry.Id,
        Type = entry.Type,
        QueuedAt = now,
        Until = now + goodFor,
        Body = entry.Body,
    };

    /// <summary>The time at which the delivery with this id was queued; null if the text is not an id.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        id.Length == TimeLength + RandomLength && id.All(char.IsAsciiHexDigitLower) && long.TryParse(id.AsSpan(0, TimeLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= TimeSpan.TicksPerDay && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - ticks, TimeSpan.Zero)
            : null;
}

public interface IWebhookDeliveryStore
{
    /// <summary>Inserts the delivery if no attempt has written it yet.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task InsertAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <summary>Writes the delivery, and replaces any earlier row.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task SaveAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <returns>Null if the delivery does not exist. Deliveries are deleted after 7 days.</returns>
    /// <inheritdoc cref="InsertAsync"/>
    Task<WebhookDelivery?> FindAsync(string webhookId, string id, CancellationToken cancellation);

    /// <summary>The deliveries of a webhook, the newest first. It needs at most one storage operation for each day.</summary>
    /// <exception cref="Errors.OAuthException"><c>invalid_request</c>: <see cref="ListRequest.After"/> does not come from an earlier list.</exception>
    /// <inheritdoc cref="InsertAsync"/>
    Task<ListPage<WebhookDelivery>> ListAsync(string webhookId, ListRequest request, DateTimeOffset now, CancellationToken cancellation);
}
