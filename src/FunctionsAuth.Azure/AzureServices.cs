using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Security.KeyVault.Keys;
using Azure.Storage.Queues;
using FunctionsAuth.Azure.KeyVault;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Azure;

/// <summary>
/// Registers the stores on Table Storage and the signer on Key Vault. If a host has registered its own <see cref="TableServiceClient"/> or <see
/// cref="KeyClient"/> before, that one is used, and everything above it is the same.
/// </summary>
public static class AzureServices
{
    /// <exception cref="SettingsException">The settings do not name the tables or the keys, so the app must not start.</exception>
    public static IServiceCollection AddAzure(this IServiceCollection services, AppSettings settings)
    {
        if (!services.Any(service => service.ServiceType == typeof(TableServiceClient)))
            services.AddSingleton(TableService(settings));
        if (!services.Any(service => service.ServiceType == typeof(KeyClient)))
        {
            if (settings.Keys.Mode == KeyOptions.Local)
                services.AddLocalKeys(settings.Keys);
            else
                services.AddKeyClients(settings);
        }
        services.AddSingleton(provider => new TableSet(provider.GetRequiredService<TableServiceClient>(), settings.Storage.TablePrefix));
        if (!services.Any(service => service.ServiceType == typeof(QueueServiceClient)))
            services.AddSingleton(_ => QueueService(settings));
        services.AddSingleton<IOutboxQueue>(provider => new OutboxQueue(new(() => provider.GetRequiredService<QueueServiceClient>().GetQueueClient(settings.Outbox!.QueueName))));
        services.AddSingleton(provider => KeyStores(provider, settings.Keys));
        foreach (var store in ServerStores.All)
            store.AddStore(services);
        foreach (var table in ServerStores.Tables.Where(table => table.Expires))
            services.AddSingleton<IExpiringTable>(provider => new ExpiringTable(provider.GetRequiredService<TableSet>()[table], table.Delay(settings)));
        return services;
    }

    /// <summary>Short time-outs and few retries, because a request must be answered within seconds, even if the answer is 503.</summary>
    public static TableClientOptions TableOptions() => Quick(new TableClientOptions());

    /// <summary>Messages are encoded as the trigger expects them.</summary>
    public static QueueClientOptions QueueOptions() => Quick(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static QueueServiceClient QueueService(AppSettings settings)
    {
        if (settings.Outbox is { ConnectionString: not { Length: > 0 }, AccountUri: { } account })
            return new QueueServiceClient(account, Credential(settings), QueueOptions());
        try
        {
            return new QueueServiceClient(settings.Outbox!.ConnectionString, QueueOptions());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new SettingsException([$"{OutboxPlace.ConnectionSetting}, or without it Storage:ConnectionString, must be the connection string of a storage account with queues, such as UseDevelopmentStorage=true"]);
        }
    }

    private static TableServiceClient TableService(AppSettings settings) => settings.Storage switch
    {
        { ConnectionString: { Length: > 0 } connection } => TableService(connection),
        { AccountUri: { } account } => new TableServiceClient(account, Credential(settings), TableOptions()),
        _ => throw new SettingsException(["Storage:AccountUri or Storage:ConnectionString must be set"]),
    };

    private static TableServiceClient TableService(string connection)
    {
        try
        {
            return new TableServiceClient(connection, TableOptions());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new SettingsException(["Storage:ConnectionString must be a connection string, such as UseDevelopmentStorage=true"]);
        }
    }

    private static void AddLocalKeys(this IServiceCollection services, KeyOptions keys)
    {
        var folder = LocalKeyFolder.Of(keys);
        services.AddSingleton(provider => new LocalKeyClient(folder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeyClient>(provider => provider.GetRequiredService<LocalKeyClient>());
        services.AddHostedService<LocalKeyStart>();
    }

    private static void AddKeyClients(this IServiceCollection services, AppSettings settings)
    {
        if (settings.Vault.Uri is not { } first)
            throw new SettingsException(["Vault:Uri must be set, such as https://my-vault.vault.azure.net/"]);
        var credential = Credential(settings);
        foreach (var vault in settings.Vault.MoreUris.Prepend(first))
            services.AddSingleton(new KeyClient(vault, credential, Quick(new KeyClientOptions())));
    }

    /// <summary>The stores of the signing keys, by <see cref="KeyOptions.Mode"/>. The first vault wraps the keys for the table.</summary>
    private static IReadOnlyList<IKeyStore> KeyStores(IServiceProvider services, KeyOptions keys)
    {
        KeyClient[] clients = [.. services.GetServices<KeyClient>()];
        return [.. keys.Modes.SelectMany((mode, i) => mode == KeyOptions.Wrapped ? [Wrapped(isReserve: i > 0)] : InVaults(isReserve: i > 0))];

        IEnumerable<IKeyStore> InVaults(bool isReserve) => clients.Select(
            client => client is LocalKeyClient local ? new LocalKeyStore(local, keys, isReserve) : new KeyVaultKeyStore(client, keys, isReserve));
        IKeyStore Wrapped(bool isReserve) =>
            new WrappedKeyStore(clients[0], services.GetRequiredService<TableSet>()[WrappedKeyStore.SigningKeys], keys, isReserve, services.GetRequiredService<TimeProvider>());
    }

    /// <summary>In Azure, the settings name the managed identity. A chain that tries several credentials is only for developers' machines.</summary>
    private static TokenCredential Credential(AppSettings settings) => settings.Vault.ManagedIdentityClientId switch
    {
        null => new DefaultAzureCredential(),
        VaultOptions.SystemAssigned => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        var clientId => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)),
    };

    private static T Quick<T>(T options)
        where T : ClientOptions
    {
        options.RetryPolicy = new QuickRetries();
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(3);
        return options;
    }
}
