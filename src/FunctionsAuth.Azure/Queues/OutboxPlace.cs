using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Azure.Queues;

/// <summary>
/// The place of the queue. Both the server and the Functions host need it, and the host only reads settings with its own names. So these two settings are not
/// in the section of the server, and both programs read the same ones.
/// </summary>
public sealed record OutboxPlace
{
    /// <summary>The setting with the name of the queue. The trigger reads it, too.</summary>
    public const string QueueSetting = "OutboxQueue";

    /// <summary>The setting of the storage account: a connection string, or a section with <c>queueServiceUri</c> and a managed identity.</summary>
    public const string ConnectionSetting = "OutboxStorage";

    private const string UsualName = "outbox";

    /// <summary>Lower-case letters, digits and hyphens.</summary>
    public required string QueueName { get; init; }

    public string? ConnectionString { get; init; }

    /// <summary>The URL of the queues, such as https://myaccount.queue.core.windows.net</summary>
    public Uri? AccountUri { get; init; }

    /// <summary>If there are no settings for the queue, the storage account of the tables is used.</summary>
    internal static OutboxPlace Read(IConfiguration configuration, StorageOptions tables) => new()
    {
        QueueName = configuration[QueueSetting] ?? tables.TablePrefix.ToLowerInvariant() + UsualName,
        ConnectionString = configuration[ConnectionSetting] ?? tables.ConnectionString,
        AccountUri = Uri.TryCreate(configuration[$"{ConnectionSetting}:queueServiceUri"], UriKind.Absolute, out var own) ? own
            : tables.AccountUri is { } uri ? QueuesBeside(uri)
            : null,
    };

    /// <summary>The address of the queues in the storage account with this address of tables.</summary>
    public static Uri QueuesBeside(Uri tables) => new UriBuilder(tables) { Host = tables.Host.Replace(".table.", ".queue.", StringComparison.Ordinal) }.Uri;
}
