using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Webhooks;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Server;

/// <summary>A webhook as the API shows it.</summary>
public sealed record WebhookView(string Id, Uri Url, string? Description, IReadOnlyList<string> EventTypes, bool Disabled, IReadOnlyList<WebhookSecretView> Secrets)
{
    public static WebhookView Of(Webhook webhook) =>
        new(webhook.Id, webhook.Url, webhook.Description, webhook.EventTypes, webhook.Disabled, [.. webhook.Secrets.Select(secret => new WebhookSecretView(secret.Id, secret.CreatedAt))]);

    /// <summary>The members that a merge patch (RFC 7396) can change.</summary>
    public static JsonObject Changeable(Webhook webhook) => JsonSerializer.SerializeToNode(new WebhookInput(webhook.Url, webhook.EventTypes, webhook.Description, webhook.Disabled), ApiJson.Options)!.AsObject();
}

/// <summary>A secret of a webhook, without its value.</summary>
public sealed record WebhookSecretView(string Id, DateTimeOffset CreatedAt);

/// <summary>A webhook and its new secret, which is only in this answer.</summary>
public sealed record NewWebhookView(WebhookView Webhook, string Secret);

/// <param name="Url">The https URL to which events are sent.</param>
/// <param name="EventTypes">Names of events, or <c>*</c> for all.</param>
public sealed record WebhookInput(Uri? Url = null, IReadOnlyList<string>? EventTypes = null, string? Description = null, bool? Disabled = null);

/// <summary>A delivery of an event to a webhook.</summary>
/// <param name="Outcome">The result of the last attempt.</param>
/// <param name="Body">What is posted.</param>
public sealed record DeliveryView(string Id, string EventId, string Type, DateTimeOffset QueuedAt, WebhookDeliveryState State, int Attempts, string? Outcome, JsonNode? Body)
{
    public static DeliveryView Of(WebhookDelivery delivery) =>
        new(delivery.Id, delivery.EventId, delivery.Type, delivery.QueuedAt, delivery.State, delivery.Attempts, delivery.Outcome, JsonNode.Parse(Encoding.UTF8.GetString(delivery.Body)));
}

/// <summary>Webhooks, which send events to other systems, and their deliveries.</summary>
public sealed class WebhooksResource(WebhookService webhooks) : ManageResource
{
    private const string One = "webhooks/{webhook}";

    public override string Tag => "webhooks";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_webhooks", HttpMethods.Get, "webhooks", ManageScopes.WebhooksRead, "Lists the webhooks.", ListAsync) { Result = typeof(ApiList<WebhookView>), Query = QueryParameter.OfList, Cost = 1 },
        new("create_webhook", HttpMethods.Post, "webhooks", ManageScopes.WebhooksWrite, "Creates a webhook. Its secret is only in this answer.", CreateAsync)
        {
            Body = typeof(WebhookInput), Result = typeof(NewWebhookView), Status = StatusCodes.Status201Created, TakesIdempotencyKey = true, Cost = 5,
        },
        new("get_webhook", HttpMethods.Get, One, ManageScopes.WebhooksRead, "Shows a webhook.", async (call, stop) => Show(await FindAsync(call, stop))) { Result = typeof(WebhookView), Cost = 1 },
        new("patch_webhook", HttpMethods.Patch, One, ManageScopes.WebhooksWrite, "Changes some members of a webhook by a JSON Merge Patch (RFC 7396).", PatchAsync)
        {
            Body = typeof(WebhookInput), Result = typeof(WebhookView), Precondition = Precondition.Match, Cost = 4,
        },
        new("delete_webhook", HttpMethods.Delete, One, ManageScopes.WebhooksWrite, "Deletes a webhook. Events that are not delivered yet are lost.", DeleteAsync)
        {
            Status = StatusCodes.Status204NoContent, Precondition = Precondition.Match, Cost = 4,
        },
        new("add_webhook_secret", HttpMethods.Post, One + "/secrets", ManageScopes.WebhooksWrite, "Creates one more secret for a webhook. Deliveries are signed with every secret of the webhook until you remove the old ones.", AddSecretAsync)
        {
            Result = typeof(NewWebhookView), Status = StatusCodes.Status201Created, TakesIdempotencyKey = true, Cost = 5,
        },
        new("remove_webhook_secret", HttpMethods.Post, One + "/secrets/{secret}/remove", ManageScopes.WebhooksWrite, "Removes a secret of a webhook.", RemoveSecretAsync)
        {
            Result = typeof(WebhookView), TakesIdempotencyKey = true, Cost = 4,
        },
        new("test_webhook", HttpMethods.Post, One + "/test", ManageScopes.WebhooksWrite, "Sends a test event to a webhook.", TestAsync) { Result = typeof(DeliveryView), TakesIdempotencyKey = true, Cost = 5 },
        new("list_webhook_deliveries", HttpMethods.Get, One + "/deliveries", ManageScopes.WebhooksRead, "Lists the deliveries of a webhook in the last 7 days, the newest first.", DeliveriesAsync)
        {
            Result = typeof(ApiList<DeliveryView>), Query = QueryParameter.OfList, Cost = 9,
        },
        new("resend_webhook_delivery", HttpMethods.Post, One + "/deliveries/{delivery}/resend", ManageScopes.WebhooksWrite, "Sends an event once more, under the same event id.", ResendAsync)
        {
            Result = typeof(DeliveryView), TakesIdempotencyKey = true, Cost = 6,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var page = await webhooks.ListAsync(call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<WebhookView>([.. page.Items.Select(WebhookView.Of)], page.Next));
    }

    private async Task<Webhook> FindAsync(ApiCall call, CancellationToken cancellation) => await webhooks.FindAsync(call.NameOf("webhook"), cancellation) ?? throw ApiProblem.NotFound("webhook");

    private static Webhook Wanted(WebhookInput input, Webhook? stored) => new()
    {
        Id = stored?.Id ?? "",
        Url = input.Url ?? throw ApiProblem.Invalid("The webhook is not valid", new ApiFault("url", "is required")),
        EventTypes = input.EventTypes ?? throw ApiProblem.Invalid("The webhook is not valid", new ApiFault("event_types", "is required")),
        Description = input.Description,
        Disabled = input.Disabled ?? false,
        Secrets = stored?.Secrets ?? [],
        Version = stored?.Version ?? "",
    };

    private async Task<ApiAnswer> CreateAsync(ApiCall call, CancellationToken cancellation)
    {
        var made = await webhooks.CreateAsync(Wanted(call.Read<WebhookInput>(), null), cancellation);
        return ApiAnswer.Created(new NewWebhookView(WebhookView.Of(made.Webhook), made.Secret), $"webhooks/{ResourceKey.Of(made.Webhook.Id)}", made.Webhook.Version);
    }

    private async Task<ApiAnswer> PatchAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        var merged = MergePatch.Apply(WebhookView.Changeable(stored), JsonObject.Create(call.Json()))!;
        var patched = call with { Body = Encoding.UTF8.GetBytes(merged.ToJsonString()) };
        return Show(Written(await webhooks.TryChangeAsync(Wanted(patched.Read<WebhookInput>(), stored), cancellation)));
    }

    private async Task<ApiAnswer> DeleteAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        return (await webhooks.TryDeleteAsync(stored, cancellation)).Won ? ApiAnswer.Nothing : throw ApiProblem.Stale();
    }

    private async Task<ApiAnswer> AddSecretAsync(ApiCall call, CancellationToken cancellation)
    {
        var (written, secret) = await webhooks.TryAddSecretAsync(await FindAsync(call, cancellation), cancellation);
        var webhook = Written(written);
        return ApiAnswer.Created(new NewWebhookView(WebhookView.Of(webhook), secret!), $"webhooks/{ResourceKey.Of(webhook.Id)}", webhook.Version);
    }

    private async Task<ApiAnswer> RemoveSecretAsync(ApiCall call, CancellationToken cancellation) =>
        Show(Written(await webhooks.TryRemoveSecretAsync(await FindAsync(call, cancellation), call.NameOf("secret"), cancellation)));

    private async Task<ApiAnswer> TestAsync(ApiCall call, CancellationToken cancellation) =>
        ApiAnswer.Of(DeliveryView.Of(await webhooks.Deliveries.SendTestAsync(call.NameOf("webhook"), cancellation) ?? throw ApiProblem.NotFound("webhook")));

    private async Task<ApiAnswer> DeliveriesAsync(ApiCall call, CancellationToken cancellation)
    {
        var webhook = await FindAsync(call, cancellation);
        var page = await webhooks.Deliveries.ListAsync(webhook.Id, call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<DeliveryView>([.. page.Items.Select(DeliveryView.Of)], page.Next));
    }

    private async Task<ApiAnswer> ResendAsync(ApiCall call, CancellationToken cancellation) =>
        ApiAnswer.Of(DeliveryView.Of(await webhooks.Deliveries.SendAgainAsync(call.NameOf("webhook"), call.Route["delivery"], cancellation) ?? throw ApiProblem.NotFound("delivery")));

    private static Webhook Written(WriteResult<Webhook> result) => result.Won ? result.Current! : throw ApiProblem.Stale();

    private static ApiAnswer Show(Webhook webhook) => ApiAnswer.Of(WebhookView.Of(webhook), webhook.Version);
}
