using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>A webhook that was written, and its new secret, which is shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and base64, as Standard Webhooks have it.</param>
public sealed record WebhookWithSecret(Webhook Webhook, string Secret);

/// <summary>
/// What operators do with webhooks. Changes are made to a webhook as it was read: where somebody else changed it meanwhile, nothing is written
/// and the result has the webhook as it stands, or null when it is gone.
/// </summary>
public sealed class WebhookService(IWebhookStore store, WebhookRegistry registry, WebhookSecrets secrets, WebhookDeliveries deliveries, SecurityEvents events)
{
    private const int IdLength = 12; // bytes

    /// <summary>Where deliveries are listed and queued again.</summary>
    public WebhookDeliveries Deliveries => deliveries;

    public Task<Webhook?> FindAsync(string id, CancellationToken cancellation) => store.FindAsync(id, cancellation);

    /// <summary>The webhooks in the order of their ids.</summary>
    public Task<ListPage<Webhook>> ListAsync(ListRequest request, CancellationToken cancellation) => store.ListAsync(request, cancellation);

    /// <param name="wanted">Its id, secrets and version are not looked at.</param>
    /// <exception cref="OAuthException"><c>invalid_request</c>: it breaks a rule, or there are <see cref="Webhook.Most"/> already.</exception>
    public async Task<WebhookWithSecret> CreateAsync(Webhook wanted, CancellationToken cancellation)
    {
        WebhookRules.Check(wanted);
        if ((await store.ListAsync(ListRequest.First, cancellation)).Items.Count >= Webhook.Most)
            throw OAuthError.InvalidRequest($"There are already {Webhook.Most} webhooks, which is the limit: delete one first");
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdLength));
        var (secret, text) = await secrets.MakeAsync(id, cancellation);
        var written = await SaveAsync(wanted with { Id = id, Secrets = [secret], Version = "" }, "created", cancellation);
        return written.Won ? new WebhookWithSecret(written.Current!, text) : throw new TemporarilyUnavailableException("storage");
    }

    /// <summary>Changes the address, the description, the event types, or whether it is disabled.</summary>
    /// <param name="changed">As it was read, with what is new. The secrets must be the same.</param>
    /// <exception cref="OAuthException"><c>invalid_request</c>: it breaks a rule.</exception>
    public Task<WriteResult<Webhook>> TryChangeAsync(Webhook changed, CancellationToken cancellation)
    {
        WebhookRules.Check(changed);
        return SaveAsync(changed, "changed", cancellation);
    }

    /// <summary>Adds a secret. The old ones sign as well, until they are removed.</summary>
    /// <returns>What was written, and the secret; it is null where somebody else was first.</returns>
    /// <exception cref="OAuthException"><c>invalid_request</c>: it has <see cref="Webhook.MostSecrets"/> already.</exception>
    public async Task<(WriteResult<Webhook> Written, string? Secret)> TryAddSecretAsync(Webhook webhook, CancellationToken cancellation)
    {
        if (webhook.Secrets.Count >= Webhook.MostSecrets)
            throw OAuthError.InvalidRequest($"The webhook already has {Webhook.MostSecrets} secrets: remove one first");
        var (secret, text) = await secrets.MakeAsync(webhook.Id, cancellation);
        var written = await SaveAsync(webhook with { Secrets = [.. webhook.Secrets, secret] }, $"secret {secret.Id} added", cancellation);
        return (written, written.Won ? text : null);
    }

    /// <exception cref="OAuthException"><c>invalid_request</c>: it has no such secret, or no other one.</exception>
    public Task<WriteResult<Webhook>> TryRemoveSecretAsync(Webhook webhook, string secretId, CancellationToken cancellation)
    {
        if (webhook.Secrets.All(secret => secret.Id != secretId))
            throw OAuthError.InvalidRequest("The webhook has no secret with this id");
        if (webhook.Secrets.Count == 1)
            throw OAuthError.InvalidRequest("The webhook must keep at least one secret: add a new one first");
        return SaveAsync(webhook with { Secrets = [.. webhook.Secrets.Where(secret => secret.Id != secretId)] }, $"secret {secretId} removed", cancellation);
    }

    /// <summary>Deletes it. What is on its way to it is not delivered.</summary>
    public async Task<WriteResult<Webhook>> TryDeleteAsync(Webhook webhook, CancellationToken cancellation)
    {
        var written = await store.TryDeleteAsync(webhook, cancellation);
        await NoteAsync(written.Won, webhook.Id, "deleted");
        return written;
    }

    private async Task<WriteResult<Webhook>> SaveAsync(Webhook webhook, string change, CancellationToken cancellation)
    {
        var written = await store.TrySaveAsync(webhook, cancellation);
        await NoteAsync(written.Won, webhook.Id, change);
        return written;
    }

    private Task NoteAsync(bool isWritten, string id, string change)
    {
        if (!isWritten)
            return Task.CompletedTask;
        registry.Forget();
        return events.WebhookChangedAsync(id, AuditActor.Operator, change);
    }
}
