using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Azure.Queues;

/// <summary>
/// Where the queue is. The Functions host must know it as well as the server, and it reads settings by names of its own: so these two have no
/// section, and both read the same ones.
/// </summary>
public sealed record OutboxPlace
{
    /// <summary>The setting of the queue's name. The trigger names it, too.</summary>
    public const string QueueSetting = "OutboxQueue";

    /// <summary>The setting of the storage account: a connection string, or below it <c>queueServiceUri</c> and a managed identity.</summary>
    public const string ConnectionSetting = "OutboxStorage";

    private const string UsualName = "outbox";

    /// <summary>Lower-case letters, digits and hyphens.</summary>
    public required string QueueName { get; init; }

    public string? ConnectionString { get; init; }

    /// <summary>Such as https://myaccount.queue.core.windows.net</summary>
    public Uri? AccountUri { get; init; }

    /// <summary>Without settings of its own it is where the tables are.</summary>
    internal static OutboxPlace Read(IConfiguration configuration, StorageOptions tables) => new()
    {
        QueueName = configuration[QueueSetting] ?? tables.TablePrefix.ToLowerInvariant() + UsualName,
        ConnectionString = configuration[ConnectionSetting] ?? tables.ConnectionString,
        AccountUri = Uri.TryCreate(configuration[$"{ConnectionSetting}:queueServiceUri"], UriKind.Absolute, out var own) ? own
            : tables.AccountUri is { } uri ? QueuesBeside(uri)
            : null,
    };

    /// <summary>The queues of an account whose tables have that address.</summary>
    public static Uri QueuesBeside(Uri tables) => new UriBuilder(tables) { Host = tables.Host.Replace(".table.", ".queue.", StringComparison.Ordinal) }.Uri;
}
