using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>An address of another system that is told of events.</summary>
public sealed record Webhook
{
    /// <summary>How many there may be.</summary>
    public const int Most = 20;

    /// <summary>So that a receiver can change to a new secret while the old one still counts.</summary>
    public const int MostSecrets = 3;

    /// <summary>Stands for all event types, also those of later releases.</summary>
    public const string AllTypes = "*";

    /// <summary>Random, and fit to stand in a URL.</summary>
    public required string Id { get; init; }

    /// <summary>Where events are posted: https, or http on a loopback host for development.</summary>
    public required Uri Url { get; init; }

    /// <summary>What it is for, for operators. At most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Names of <see cref="EventTypes"/>, or <see cref="AllTypes"/>.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>Nothing is delivered. An answer of 410 does that too.</summary>
    public bool Disabled { get; init; }

    /// <summary>Each signs every delivery: 1 to <see cref="MostSecrets"/>, the oldest first.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    /// <summary>Whether it is told of events of that type.</summary>
    public bool Wants(string type) => !Disabled && (EventTypes.Contains(type) || EventTypes.Contains(AllTypes));
}

/// <summary>A secret of a webhook. Only its receiver and the seal know the text.</summary>
/// <param name="Id">Names it for operators.</param>
/// <param name="Sealed">The bytes of the secret, sealed by <see cref="ISecretSeal"/>.</param>
public sealed record WebhookSecret(string Id, byte[] Sealed, DateTimeOffset CreatedAt);

public interface IWebhookStore
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    Task<Webhook?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>The webhooks in the order of their ids.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<ListPage<Webhook>> ListAsync(ListRequest request, CancellationToken cancellation);

    /// <summary>Inserts the webhook if its version is empty, else replaces it if it still is as it was read.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<Webhook>> TrySaveAsync(Webhook webhook, CancellationToken cancellation);

    /// <summary>Deletes the webhook if it still is as it was read. One that is gone counts as won.</summary>
    /// <inheritdoc cref="FindAsync"/>
    Task<WriteResult<Webhook>> TryDeleteAsync(Webhook webhook, CancellationToken cancellation);
}
