using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Azure.Stores;

/// <summary>All webhooks are in one partition, because there are at most 20.</summary>
internal sealed class WebhookStore(TableSet tables) : IWebhookStore
{
    public static readonly TableDescription Webhooks = new("Webhooks") { IsCopied = true };

    private const string Partition = "webhook";

    private readonly Table rows = tables[Webhooks];

    public async Task<Webhook?> FindAsync(string id, CancellationToken cancellation) =>
        await rows.FindAsync(Partition, KeyText.Of(id), cancellation) is { } row ? FromRow(row) : null;

    public async Task<ListPage<Webhook>> ListAsync(ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync($"PartitionKey eq '{Partition}'", request, cancellation);
        return page.With(page.Items.Select(FromRow));
    }

    public async Task<WriteResult<Webhook>> TrySaveAsync(Webhook webhook, CancellationToken cancellation) =>
        ResultOf(await rows.TrySaveAsync(StoreJson.ToRow(Partition, KeyText.Of(webhook.Id), webhook), webhook.Version));

    public async Task<WriteResult<Webhook>> TryDeleteAsync(Webhook webhook, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(Partition, KeyText.Of(webhook.Id), webhook.Version));

    private static WriteResult<Webhook> ResultOf(TableWrite write) => new(write.Won, write.Row is null ? null : FromRow(write.Row));

    private static Webhook FromRow(TableEntity row) => StoreJson.FromRow<Webhook>(row) with { Version = row.Version() };
}
