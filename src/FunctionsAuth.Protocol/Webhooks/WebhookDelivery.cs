using System.Globalization;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>What became of a delivery. The names stand in rows, so they never change.</summary>
public enum WebhookDeliveryState
{
    Pending,
    Delivered,

    /// <summary>There is no further attempt.</summary>
    GivenUp,
}

/// <summary>One event on its way to one webhook, as an operator looks at it.</summary>
public sealed record WebhookDelivery
{
    public required string WebhookId { get; init; }

    /// <summary>The id of the delivery: the newer, the smaller. One event may have several, when it is sent again.</summary>
    public required string Id { get; init; }

    public required string EventId { get; init; }
    public required string Type { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Until then attempts are made.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>What is posted: JSON in UTF-8.</summary>
    public required byte[] Body { get; init; }

    public WebhookDeliveryState State { get; init; }

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>How the last attempt ended, in English; null before the first one has ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>What <see cref="TimeOf"/> reads.</summary>
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

    /// <summary>When a delivery with that id was queued; null for what is no id.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        id.Length == TimeLength + RandomLength && id.All(char.IsAsciiHexDigitLower) && long.TryParse(id.AsSpan(0, TimeLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= TimeSpan.TicksPerDay && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - ticks, TimeSpan.Zero)
            : null;
}

public interface IWebhookDeliveryStore
{
    /// <summary>Inserts it where no attempt has written it yet.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task InsertAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <summary>Writes it, whatever is there.</summary>
    /// <inheritdoc cref="InsertAsync"/>
    Task SaveAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <returns>Null when there is none, or it is pruned: after 7 days.</returns>
    /// <inheritdoc cref="InsertAsync"/>
    Task<WebhookDelivery?> FindAsync(string webhookId, string id, CancellationToken cancellation);

    /// <summary>The deliveries of a webhook, the newest first: at most one operation for each day.</summary>
    /// <exception cref="Errors.OAuthException"><c>invalid_request</c>: <see cref="ListRequest.After"/> was made up.</exception>
    /// <inheritdoc cref="InsertAsync"/>
    Task<ListPage<WebhookDelivery>> ListAsync(string webhookId, ListRequest request, DateTimeOffset now, CancellationToken cancellation);
}
