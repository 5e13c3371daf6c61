using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>A webhook that was written, and its new secret, which is shown only once.</summary>
/// <param name="Secret"><c>whsec_</c> and base64, as in Standard Webhooks.</param>
public sealed record WebhookWithSecret(Webhook Webhook, string Secret);

/// <summary>
/// The operations on webhooks for operators. A change is written only if the webhook has not changed since it was read. Otherwise nothing is written, and the
/// result contains the current webhook, or null if it is gone.
/// </summary>
public sealed class WebhookService(IWebhookStore store, WebhookRegistry registry, WebhookSecrets secrets, WebhookDeliveries deliveries, SecurityEvents events)
{
    private const int IdLength = 12; // bytes

    /// <summary>Lists deliveries and queues them again.</summary>
    public WebhookDeliveries Deliveries => deliveries;

    public Task<Webhook?> FindAsync(string id, CancellationToken cancellation) => store.FindAsync(id, cancellation);

    /// <summary>The webhooks in the order of their ids.</summary>
    public Task<ListPage<Webhook>> ListAsync(ListRequest request, CancellationToken cancellation) => store.ListAsync(request, cancellation);

    /// <param name="wanted">The new webhook. Its id, secrets and version are ignored.</param>
    /// <exception cref="OAuthException"><c>invalid_request</c>: the webhook breaks a rule, or there are <see cref="Webhook.Most"/> webhooks
    /// already.</exception>
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

    /// <summary>Changes the address, the description, the event types, or whether the webhook is disabled.</summary>
    /// <param name="changed">The webhook as it was read, with the changes. The secrets must be the same.</param>
    /// <exception cref="OAuthException"><c>invalid_request</c>: the webhook breaks a rule.</exception>
    public Task<WriteResult<Webhook>> TryChangeAsync(Webhook changed, CancellationToken cancellation)
    {
        WebhookRules.Check(changed);
        return SaveAsync(changed, "changed", cancellation);
    }

    /// <summary>Adds a secret. Deliveries are also signed with the old secrets until these are removed.</summary>
    /// <returns>The written webhook and the secret. The secret is null if somebody else changed the webhook first.</returns>
    /// <exception cref="OAuthException"><c>invalid_request</c>: the webhook has <see cref="Webhook.MostSecrets"/> secrets already.</exception>
    public async Task<(WriteResult<Webhook> Written, string? Secret)> TryAddSecretAsync(Webhook webhook, CancellationToken cancellation)
    {
        if (webhook.Secrets.Count >= Webhook.MostSecrets)
            throw OAuthError.InvalidRequest($"The webhook already has {Webhook.MostSecrets} secrets: remove one first");
        var (secret, text) = await secrets.MakeAsync(webhook.Id, cancellation);
        var written = await SaveAsync(webhook with { Secrets = [.. webhook.Secrets, secret] }, $"secret {secret.Id} added", cancellation);
        return (written, written.Won ? text : null);
    }

    /// <exception cref="OAuthException"><c>invalid_request</c>: the webhook has no such secret, or no other one.</exception>
    public Task<WriteResult<Webhook>> TryRemoveSecretAsync(Webhook webhook, string secretId, CancellationToken cancellation)
    {
        if (webhook.Secrets.All(secret => secret.Id != secretId))
            throw OAuthError.InvalidRequest("The webhook has no secret with this id");
        if (webhook.Secrets.Count == 1)
            throw OAuthError.InvalidRequest("The webhook must keep at least one secret: add a new one first");
        return SaveAsync(webhook with { Secrets = [.. webhook.Secrets.Where(secret => secret.Id != secretId)] }, $"secret {secretId} removed", cancellation);
    }

    /// <summary>Deletes the webhook. Pending deliveries to it are not made.</summary>
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
