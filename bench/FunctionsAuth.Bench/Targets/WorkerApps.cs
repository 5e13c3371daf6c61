using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.WorkerHost.Hosting;
using FunctionsAuth.WorkerHost.Worker;

namespace FunctionsAuth.Bench.Targets;

/// <summary>The published app with the clients of the benchmarks, for the host that the tests use.</summary>
internal static class WorkerApps
{
    public static Uri NewUrl() => new($"http://localhost:{FreePort.Find()}");

    /// <param name="storage">A connection string.</param>
    /// <param name="keys">The folder of the signing keys.</param>
    public static async Task<HostedApp> DescribeAsync(string storage, string keys, string algorithm)
    {
        var options = new LocalServerOptions
        {
            Url = NewUrl(),
            ConnectionString = storage,
            KeyFolder = keys,
            Settings = new Dictionary<string, string?> { ["Storage:TablePrefix"] = $"b{Guid.NewGuid():n}", ["AccessTokenAlgorithm"] = algorithm },
        };
        return new HostedApp(await PublishedApp.FolderAsync(), options.Url, await AppSetup.PrepareAsync(options, FunctionsAuthServer.Import(algorithm)));
    }
}
