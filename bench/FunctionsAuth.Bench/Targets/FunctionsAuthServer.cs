using System.Reflection;
using FunctionsAuth.LocalHost.Hosting;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Bench.Targets;

/// <summary>What a server that is measured is made of.</summary>
/// <param name="Keys">The folder of its keys; in memory without one.</param>
/// <param name="Grants">So many grants of others are there before it begins.</param>
internal sealed record ServerPlan(int Port, string Algorithm, TimeSpan StorageLatency, TimeSpan SignatureLatency, string? Keys, int Grants);

/// <summary>The server as LocalHost runs it, with addresses more that tell what it used, and that prune.</summary>
internal static class FunctionsAuthServer
{
    public static async Task RunAsync(ServerPlan plan)
    {
        var stages = new Stages();
        await using var app = LocalServer.Build(new LocalServerOptions
        {
            Url = new Uri($"http://localhost:{plan.Port}"),
            StorageLatency = plan.StorageLatency,
            SignatureLatency = plan.SignatureLatency,
            KeyFolder = plan.Keys,
            Settings = new Dictionary<string, string?> { ["AccessTokenAlgorithm"] = plan.Algorithm },
        });
        stages.Mark("built");
        app.MapFigures();
        app.MapPrune();
        app.MapClear();
        StoredPasskey.MapPasskey(app);
        await LocalServer.StartAsync(app, async () =>
        {
            await LocalServer.ImportAsync(app.Services, Import(plan.Algorithm));
            await StoredGrants.AddAsync(app.Services, plan.Grants, TimeSpan.FromDays(20));
        });
        stages.Mark("listening");
        Console.WriteLine(stages);
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }

    /// <summary>The import file with the clients and the user.</summary>
    public static string Import(string algorithm)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("clients.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{algorithm}", algorithm, StringComparison.Ordinal);
    }
}
