using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>An address of another system that is told of events.</summary>
public sealed record Webhook
{
    /// <summary>The maximum number of webhooks.</summary>
    public const int Most = 20;

    /// <summary>The maximum number of secrets. A receiver needs more than one to change to a new secret while the old one is still valid.</summary>
    public const int MostSecrets = 3;

    /// <summary>Means all event types, including those of later releases.</summary>
    public const string AllTypes = "*";

    /// <summary>A random id that can be part of a URL.</summary>
    public required string Id { get; init; }

    /// <summary>The address to which events are posted: https, or http on a loopback host for development.</summary>
    public required Uri Url { get; init; }

    /// <summary>A description for operators. At most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Names of <see cref="EventTypes"/>, or <see cref="AllTypes"/>.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>Nothing is delivered. The server also disables a webhook that answers 410.</summary>
    public bool Disabled { get; init; }

    /// <summary>The secrets, 1 to <see cref="MostSecrets"/>, the oldest first. Each delivery is signed with every secret.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>The version that the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    /// <summary>Whether events of this type are sent to the webhook.</summary>
    public bool Wants(string type) => !Disabled && (EventTypes.Contains(type) || EventTypes.Contains(AllTypes));
}

/// <summary>A secret of a webhook. Only the receiver knows the text, and only the seal can open it.</summary>
/// <param name="Id">The id of the secret, for operators.</param>
/// <param name="Sealed">The bytes of the secret, sealed by <see cref="ISecretSeal"/>.</param>
public sealed record WebhookSecret(string Id, byte[] Sealed, DateTimeOffset CreatedAt);

public interface IWebhookStore
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<Webhook?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>The webhooks in the order of their ids.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<ListPage<Webhook>> ListAsync(ListRequest request, CancellationToken cancellation);

    /// <summary>Inserts the webhook if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<Webhook>> TrySaveAsync(Webhook webhook, CancellationToken cancellation);

    /// <summary>Deletes the webhook if it has not changed since it was read. If it is gone already, the result is a success.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<Webhook>> TryDeleteAsync(Webhook webhook, CancellationToken cancellation);
}
