using FunctionsAuth.Azure.Queues;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.WorkerHost.Hosting;

/// <summary>What an app has before it is started: application settings, and clients and users in its tables.</summary>
public static class AppSetup
{
    /// <summary>Writes the clients and users.</summary>
    /// <param name="json">What an import file says; null for the samples.</param>
    /// <returns>The settings that LocalHost would have with the same options, named as environment variables.</returns>
    public static async Task<IReadOnlyDictionary<string, string?>> PrepareAsync(LocalServerOptions options, string? json)
    {
        // Never started: what it is built of knows the settings and the tables.
        await using var local = LocalServer.Build(options);
        await (json is null ? LocalServer.ImportSamplesAsync(local.Services) : LocalServer.ImportAsync(local.Services, json));
        var settings = local.Configuration.GetSection(ServerOptions.Section).AsEnumerable().Where(setting => setting.Value is not null).ToDictionary();
        // Only LocalHost has a page that shows mail.
        settings.Remove($"{ServerOptions.Section}:Mail:Mode");
        settings[OutboxPlace.QueueSetting] = local.Configuration[OutboxPlace.QueueSetting];
        settings[OutboxPlace.ConnectionSetting] = options.ConnectionString;
        if (options.KeyFolder is { } folder)
        {
            settings[$"{ServerOptions.Section}:Keys:Mode"] = "local";
            settings[$"{ServerOptions.Section}:Keys:Folder"] = folder;
        }
        return settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
    }
}
