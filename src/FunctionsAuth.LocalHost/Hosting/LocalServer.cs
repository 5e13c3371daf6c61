using System.Security.Cryptography.X509Certificates;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using Azure.Storage.Queues;
using FunctionsAuth.Azure;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.LocalHost.Queues;
using FunctionsAuth.LocalHost.Samples;
using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>The settings of a LocalHost.</summary>
public sealed record LocalServerOptions
{
    /// <summary>The URL on which it listens. It is also the issuer, unless the settings name another one.</summary>
    public Uri Url { get; init; } = new("http://localhost:7071");

    /// <summary>A connection string, or null for tables in memory.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The folder of the signing keys, or null to keep them in memory.</summary>
    public string? KeyFolder { get; init; }

    /// <summary>Key vaults instead of the folder, opened with the credential of this machine.</summary>
    public IReadOnlyList<Uri> Vaults { get; init; } = [];

    /// <summary>The delay of each operation on tables in memory, to simulate remote tables.</summary>
    public TimeSpan StorageLatency { get; init; }

    /// <summary>The delay of each signature, to simulate a key vault.</summary>
    public TimeSpan SignatureLatency { get; init; }

    /// <summary>A second https URL on which clients are asked for their certificates (RFC 8705); null for none.</summary>
    public Uri? MtlsUrl { get; init; }

    /// <summary>For an https URL.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Settings by their names below <see cref="ServerOptions.Section"/>, such as <c>Lifetimes:AccessToken</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}

/// <summary>The server on plain Kestrel: the same function classes, protocol and stores as in Azure, with tables and keys of this machine.</summary>
public static class LocalServer
{
    private const string KeyMode = $"{ServerOptions.Section}:Keys:Mode";
    private const string KeyFolder = $"{ServerOptions.Section}:Keys:Folder";
    private const string ManageSecondFactor = $"{ServerOptions.Section}:Manage:RequireSecondFactor";
    private const string MailHost = $"{ServerOptions.Section}:Mail:Host";

    /// <param name="configure">Changes the services of the host, such as its clock.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static WebApplication Build(LocalServerOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        StoredRecords.BeginToWarm(toWrite: true);
        // Nothing in the current folder is read or watched.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddEnvironmentVariables();
        AddSettings(builder.Configuration, options);
        builder.Services.AddRoutingCore();
        builder.Logging.AddSimpleConsole().AddServerFilters()
            // If the server cannot start, the command that starts it prints the reason.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().UseUrls([.. Addresses(options).Select(url => url.GetLeftPart(UriPartial.Authority))]).UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = options.Certificate;
                if (options.MtlsUrl is { } mtls)
                    ConnectionCertificates.Ask(https, mtls);
            });
        });
        configure?.Invoke(builder);

        builder.Services.TryAddSingleton(TimeProvider.System);
        var settings = AppSettings.Read(builder.Configuration);
        if (options.ConnectionString is null)
        {
            builder.Services.TryAddSingleton<TableServiceClient>(services => TablesInMemory(services.GetRequiredService<TimeProvider>(), options.StorageLatency, settings.Storage.TablePrefix));
            builder.Services.TryAddSingleton<QueueServiceClient>(services => new MemoryQueueServiceClient(services.GetRequiredService<TimeProvider>()));
        }
        builder.Configuration[OutboxPlace.QueueSetting] = settings.Outbox!.QueueName;
        if (options.Vaults.Count == 0 && settings.Keys.Mode != KeyOptions.Local)
            builder.Services.TryAddSingleton<KeyClient>(services => new LocalKeyClient(options.KeyFolder, services.GetRequiredService<TimeProvider>(), latency: options.SignatureLatency));
        if (options.MtlsUrl is not null && settings.ClientCertificates.Source == ClientCertificateOptions.Kestrel)
            builder.Services.TryAddSingleton<IClientCertificateSource, ConnectionCertificates>();
        if (settings.Mail.Mode == MailOptions.Page)
        {
            builder.Services.TryAddSingleton<LocalMailbox>();
            builder.Services.TryAddSingleton<IMailer>(services => services.GetRequiredService<LocalMailbox>());
        }
        var functions = typeof(ServerServices).Assembly;
        builder.Services.AddServer(settings);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<FunctionTimers>(services, functions));
        if (options.ConnectionString is null || StorageOption.IsEmulator(options.ConnectionString))
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<FunctionQueues>(services, functions));

        var app = builder.Build();
        app.MapFunctions(functions);
        return app;
    }

    /// <summary>Begins to listen while the initial data is still being written. Requests wait for it.</summary>
    /// <param name="import">Writes the initial data. Its exceptions are passed on.</param>
    public static async Task StartAsync(WebApplication app, Func<Task> import, CancellationToken cancellation = default)
    {
        var importing = Task.Run(import, cancellation);
        app.Use((http, next) => importing.IsCompletedSuccessfully ? next(http) : WaitAsync(http, next));
        try
        {
            await Task.WhenAll(importing, app.StartAsync(cancellation));
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        async Task WaitAsync(HttpContext http, RequestDelegate next)
        {
            await importing.WaitAsync(http.RequestAborted);
            await next(http);
        }
    }

    /// <summary>Writes the clients, scopes, resources and users of an import file.</summary>
    /// <exception cref="ImportException">The file has errors, and nothing was written.</exception>
    public static async Task<ImportSummary> ImportAsync(IServiceProvider services, string json, CancellationToken cancellation = default)
    {
        var existing = await services.GetRequiredService<IScopeStore>().LoadAsync(cancellation);
        return await services.GetRequiredService<Importer>().ApplyAsync(ImportFile.Parse(json, existing, services.GetRequiredService<FeatureSet>()), cancellation);
    }

    /// <summary>The sample clients and the sample users, for a server with this issuer.</summary>
    public static Task<ImportSummary> ImportSamplesAsync(IServiceProvider services, CancellationToken cancellation = default) =>
        ImportAsync(services, SampleData.Json(services.GetRequiredService<ServerUrls>().Issuer), cancellation);

    /// <summary>With all tables of the server: to find out that one is missing, and to make it then, takes exceptions, which are slow in a process that starts.</summary>
    private static MemoryTableServiceClient TablesInMemory(TimeProvider clock, TimeSpan latency, string prefix)
    {
        var tables = new MemoryTableServiceClient(clock, latency);
        foreach (var table in ServerStores.Tables)
            tables.Create(prefix + table.Name);
        return tables;
    }

    private static IEnumerable<Uri> Addresses(LocalServerOptions options) => options.MtlsUrl is { } mtls ? [options.Url, mtls] : [options.Url];

    private static void AddSettings(ConfigurationManager configuration, LocalServerOptions options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Issuer"] = options.Url.AbsoluteUri.TrimEnd('/'),
            ["Storage:ConnectionString"] = options.ConnectionString,
        };
        for (var i = 0; i < options.Vaults.Count; i++)
            settings[i == 0 ? "Vault:Uri" : $"Vault:MoreUris:{i - 1}"] = options.Vaults[i].OriginalString;
        if (options.MtlsUrl is not null)
        {
            settings["ClientCertificates:Source"] = ClientCertificateOptions.Kestrel;
            settings["ClientCertificates:PublicUrl"] = options.MtlsUrl.AbsoluteUri;
        }
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        // While only this machine can reach the server, the client apps are on this machine too.
        if (Uri.TryCreate(settings["Issuer"], UriKind.Absolute, out var issuer) && issuer.IsLoopback)
        {
            settings.TryAdd("Fetch:TrustedHosts:0", "localhost");
            settings.TryAdd("Fetch:TrustedHosts:1", "127.0.0.1");
            // Otherwise a developer would need an authenticator app to see the management pages.
            if (configuration[ManageSecondFactor] is null)
                settings.TryAdd("Manage:RequireSecondFactor", bool.FalseString);
            // Everybody who can reach the server can read the mail.
            if (options.Url.IsLoopback && configuration[MailHost] is null && settings.GetValueOrDefault("Mail:Host") is null)
                settings.TryAdd("Mail:Mode", MailOptions.Page);
        }
        configuration.AddInMemoryCollection(settings.ToDictionary(pair => $"{ServerOptions.Section}:{pair.Key}", pair => pair.Value));
        if (configuration[KeyMode] == KeyOptions.Local)
            configuration[KeyFolder] ??= options.KeyFolder;
    }
}
