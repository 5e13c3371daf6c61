using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Two instances of one server, which share tables (Azurite's where there is one), vaults and a clock. Clients know them by one
/// address, as behind a load balancer.
/// </summary>
internal sealed class LoadCluster : IAsyncDisposable
{
    private static readonly BackEnd BackEnd = OnAzuriteAttribute.ConnectionString is null ? BackEnd.Memory : BackEnd.Azurite;

    private readonly List<RunningServer> instances = [];

    public static int Count => 2;

    public static string Tables => BackEnd == BackEnd.Memory ? "tables in memory" : "Azurite";

    /// <summary>Unexpected errors of the server, for whoever reads of a failure.</summary>
    public IEnumerable<string> Errors => instances.SelectMany(server => server.Log.Lines).Where(line => line.Contains(" 1001: ", StringComparison.Ordinal));

    public static async Task<LoadCluster> StartAsync(TestClock clock, (string Name, string Value)[] settings, IEnumerable<LoadVault> vaults)
    {
        var setup = new TestStorage(BackEnd).Setup(settings) with
        {
            Services = services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                foreach (var vault in vaults)
                    services.AddSingleton<KeyClient>(vault.Keys);
                services.Configure<LoggerFilterOptions>(filters =>
                {
                    filters.Rules.Clear();
                    filters.MinLevel = LogLevel.Error;
                });
            },
        };
        var cluster = new LoadCluster();
        for (var i = 0; i < Count; i++)
        {
            var server = await RunningServer.StartAsync(setup);
            cluster.instances.Add(server);
            // Two that find an empty vault at the same moment make a first version each, of which the other knows a second later.
            await server.Get<SigningKeys>().WarmAsync(CancellationToken.None);
        }
        return cluster;
    }

    /// <param name="request">To the address that clients know.</param>
    public async Task<Answer> SendAsync(int instance, HttpRequestMessage request) => await Answer.ReadAsync(await instances[instance].Http.SendAsync(request));

    /// <summary>The timer, once a second, on one instance after the other. As on a host, one that fails runs again when its time comes.</summary>
    public async Task RunTimerAsync(Lockstep steps, LoadFigures figures)
    {
        // Late in a second: a version's date is the whole second before.
        await steps.WaitAsync(3 * Lockstep.Step);
        for (var runs = 0; steps.Participants > 1; runs++)
        {
            figures.TimerRan(await RunTimerAsync(instances[runs % Count]));
            await steps.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<bool> RunTimerAsync(RunningServer instance)
    {
        try
        {
            await new KeyRolloverFunction(instance.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
            return true;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in instances)
            await server.DisposeAsync();
    }
}
