using System.Diagnostics;
using System.Reflection;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Functions;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Two instances of one server on Kestrel and the true clock, which share tables (Azurite's where there is one) and vaults.
/// Clients know them by one address, as behind a load balancer.
/// </summary>
internal sealed class LoadCluster : IAsyncDisposable
{
    private readonly List<(WebApplication App, HttpClient Http)> instances = [];
    private readonly LogLines log = new();

    private readonly TableClient table;

    private LoadCluster(TableClient table) => this.table = table;

    public static int Count => 2;

    public static string Tables => OnAzuriteAttribute.ConnectionString is null ? "tables in memory" : "Azurite";

    /// <summary>Unexpected errors of the server, for whoever reads of a failure.</summary>
    public IEnumerable<string> Errors => log.Lines.Where(line => line.Contains(" 1001: ", StringComparison.Ordinal));

    public static async Task<LoadCluster> StartAsync(Dictionary<string, string?> settings, params KeyClient[] vaults)
    {
        var prefix = $"t{Guid.NewGuid():N}"[..12];
        var options = new LocalServerOptions
        {
            Url = new Uri("http://127.0.0.1:0"),
            ConnectionString = OnAzuriteAttribute.ConnectionString,
            Settings = new Dictionary<string, string?>(settings) { ["Issuer"] = RunningServer.Issuer, ["Storage:TablePrefix"] = prefix },
        };
        var tables = options.ConnectionString is { } connection ? new TableServiceClient(connection) : new MemoryTableServiceClient();
        var cluster = new LoadCluster(tables.GetTableClient(prefix + "Clients"));
        for (var i = 0; i < Count; i++)
        {
            var app = LocalServer.Build(options, builder =>
            {
                builder.Logging.ClearProviders().AddProvider(cluster.log).SetMinimumLevel(LogLevel.Error);
                foreach (var vault in vaults)
                    builder.Services.AddSingleton(vault);
                if (options.ConnectionString is null)
                    builder.Services.AddSingleton(tables);
            });
            if (i == 0)
                await LocalServer.ImportAsync(app.Services, ReadClients());
            await app.StartAsync();
            // Two that find an empty vault at the same moment make a first version each, of which the other knows a second later.
            await app.Services.GetRequiredService<SigningKeys>().WarmAsync(CancellationToken.None);
            var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
            cluster.instances.Add((app, http));
        }
        return cluster;
    }

    /// <param name="request">To the address that clients know.</param>
    public async Task<Answer> SendAsync(int instance, HttpRequestMessage request)
    {
        request.RequestUri = new Uri(instances[instance].Http.BaseAddress!, new Uri(new Uri(RunningServer.Issuer), request.RequestUri!).PathAndQuery);
        return await Answer.ReadAsync(await instances[instance].Http.SendAsync(request));
    }

    /// <summary>Reads a row as a server does.</summary>
    public Task AskTablesAsync() => table.GetEntityIfExistsAsync<TableEntity>("web", "client");

    /// <summary>The timer, once a second, on one instance after the other. As on a host, one that fails runs again when its time comes.</summary>
    /// <returns>How often it ran, and failed.</returns>
    public async Task<(int Runs, int Failures)> RunTimerAsync(CancellationToken stop)
    {
        var (runs, failures) = (0, 0);
        for (var next = Stopwatch.StartNew(); !stop.IsCancellationRequested; runs++)
        {
            var services = instances[runs % Count].App.Services;
            try
            {
                await new KeyRolloverFunction(services.GetRequiredService<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
            }
            catch (KeyVaultException)
            {
                failures++;
            }
            var wait = TimeSpan.FromSeconds(1) - next.Elapsed;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, CancellationToken.None);
            next.Restart();
        }
        return (runs, failures);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (app, http) in instances)
        {
            http.Dispose();
            await app.DisposeAsync();
        }
    }

    private static string ReadClients()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("clients.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\"password_hash\": \"{hash}\"", $"\"password\": \"{RunningServer.Password}\"", StringComparison.Ordinal);
    }
}
