using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// The deliveries of a webhook are in one partition for each day, the newest first. The key of a partition is that of the end of the day, so the timer prunes
/// it like all others.
/// </summary>
internal sealed class WebhookDeliveryStore(TableSet tables) : IWebhookDeliveryStore
{
    public static readonly TableDescription WebhookDeliveries = new("WebhookDeliveries") { Expires = true, Delay = _ => KeptFor };

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // An id contains neither this character nor the next one.
    private const char Separator = ':';
    private const char BehindSeparator = ';';

    private readonly Table rows = tables[WebhookDeliveries];

    public async Task InsertAsync(WebhookDelivery delivery, CancellationToken cancellation) => await rows.TryInsertAsync(ToRow(delivery));

    public Task SaveAsync(WebhookDelivery delivery, CancellationToken cancellation) => rows.UpsertAsync(ToRow(delivery));

    public async Task<WebhookDelivery?> FindAsync(string webhookId, string id, CancellationToken cancellation) =>
        WebhookDelivery.TimeOf(id) is { } queued && await rows.FindAsync(PartitionOf(webhookId, queued), KeyOf(webhookId, id), cancellation) is { } row ? FromRow(row) : null;

    public async Task<ListPage<WebhookDelivery>> ListAsync(string webhookId, ListRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        var day = request.After is not { } after ? now : WebhookDelivery.TimeOf(after) ?? throw OAuthError.InvalidRequest("The value of after must be the next value of an earlier answer");
        if (day > now)
            day = now;
        var first = KeyOf(webhookId, request.After ?? "");
        List<WebhookDelivery> found = [];
        // One more day is read than rows are kept, because the timer runs later.
        for (var oldest = now - KeptFor - (2 * Day); day > oldest; day -= Day)
        {
            var (partition, end) = (PartitionOf(webhookId, day), KeyText.Of(webhookId) + BehindSeparator);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {first} and RowKey lt {end}");
            string? next = null;
            do
            {
                var page = await rows.PageAsync(filter, new ListRequest(request.Most - found.Count, next), cancellation);
                found.AddRange(page.Items.Select(FromRow));
                if (found.Count == request.Most)
                    return new(found, found[^1].Id);
                next = page.Next;
            }
            while (next is not null);
        }
        return new(found, null);
    }

    private static string PartitionOf(string webhookId, DateTimeOffset queued) =>
        RecordAddress.PartitionKeyOf(SHA256.HashData(Encoding.UTF8.GetBytes(webhookId))[0] >> 4, new DateTimeOffset(queued.UtcDateTime.Date, TimeSpan.Zero) + Day);

    private static string KeyOf(string webhookId, string id) => KeyText.Of(webhookId) + Separator + id;

    private static TableEntity ToRow(WebhookDelivery delivery) => new(PartitionOf(delivery.WebhookId, delivery.QueuedAt), KeyOf(delivery.WebhookId, delivery.Id))
    {
        [nameof(WebhookDelivery.WebhookId)] = delivery.WebhookId,
        [nameof(WebhookDelivery.Id)] = delivery.Id,
        [nameof(WebhookDelivery.EventId)] = delivery.EventId,
        [nameof(WebhookDelivery.Type)] = delivery.Type,
        [nameof(WebhookDelivery.QueuedAt)] = delivery.QueuedAt,
        [nameof(WebhookDelivery.Until)] = delivery.Until,
        [nameof(WebhookDelivery.Body)] = delivery.Body,
        [nameof(WebhookDelivery.State)] = delivery.State.ToString(),
        [nameof(WebhookDelivery.Attempts)] = delivery.Attempts,
        [nameof(WebhookDelivery.Outcome)] = delivery.Outcome,
    };

    private static WebhookDelivery FromRow(TableEntity row) => new()
    {
        WebhookId = row.Text(nameof(WebhookDelivery.WebhookId)),
        Id = row.Text(nameof(WebhookDelivery.Id)),
        EventId = row.Text(nameof(WebhookDelivery.EventId)),
        Type = row.Text(nameof(WebhookDelivery.Type)),
        QueuedAt = row.Moment(nameof(WebhookDelivery.QueuedAt)),
        Until = row.Moment(nameof(WebhookDelivery.Until)),
        Body = row.Bytes(nameof(WebhookDelivery.Body)),
        State = Enum.Parse<WebhookDeliveryState>(row.Text(nameof(WebhookDelivery.State))),
        Attempts = row.GetInt32(nameof(WebhookDelivery.Attempts)) ?? 0,
        Outcome = row.GetString(nameof(WebhookDelivery.Outcome)),
    };
}
