using System.Diagnostics;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;
using FunctionsAuth.WorkerHost.Hosting;
using FunctionsAuth.WorkerHost.Worker;

namespace FunctionsAuth.Bench.Reports;

/// <summary>
/// From the start of a worker's process to its first answer, under the host of the tests, beside an app of one function that does
/// nothing: what that takes is the platform's.
/// </summary>
internal static class WorkerStartReport
{
    private const int Rounds = 15;

    private static readonly byte[] Hello = Requests.Get("/hello");
    private static readonly byte[] Token = Requests.Post("/token", "grant_type=client_credentials&scope=api.read", Clients.Service);

    /// <param name="storage">The connection string of a storage account: a worker has no tables in memory.</param>
    public static async Task WriteAsync(Report report, string storage)
    {
        var keys = Directory.CreateTempSubdirectory("functionsauth-bench-").FullName;
        await using var sink = await TelemetrySink.StartAsync();
        try
        {
            var trivial = new HostedApp(await PublishedApp.PublishAsync("bench/TrivialApp", "bench-trivial"), WorkerApps.NewUrl(), new Dictionary<string, string?>());
            var ours = await WorkerApps.DescribeAsync(storage, keys, "ES256");
            var observed = ours with { Settings = ours.Settings.Append(KeyValuePair.Create("APPLICATIONINSIGHTS_CONNECTION_STRING", (string?)sink.ConnectionString)).ToDictionary() };
            (string Name, HostedApp App, byte[] Request, List<double> Times)[] apps =
            [
                ("an app of one function", trivial, Hello, []),
                ("FunctionsAuth", ours, Token, []),
                ("FunctionsAuth with Application Insights", observed, Token, []),
            ];
            // The first start makes the keys, and the host is new to it, too.
            await WarmUpAsync(trivial, "hello");
            await WarmUpAsync(ours, "health");
            await WarmUpAsync(observed, "health");
            for (var i = 0; i < Rounds; i++)
            {
                foreach (var (_, app, request, times) in apps)
                    times.Add(await MeasureAsync(app, request));
            }

            report.Heading("Start of the worker");
            report.Paragraph("The published app in the real isolated worker, with its tables in Azurite and its keys in files, under the host that the tests use: milliseconds from the start of the process to the first answer, for FunctionsAuth to the first token.");
            report.Row("app", "ms", "of an app of one function");
            report.Row("---", "---:", "---:");
            foreach (var (name, _, _, times) in apps)
                report.Row(name, $"{new Spread(times).Median:0}", Report.Ratio(new Spread(times.Zip(apps[0].Times, (time, other) => time / other))));
            report.EndTable();
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    private static async Task WarmUpAsync(HostedApp app, string path)
    {
        await using var host = await FunctionsHost.StartAsync(app);
        await host.WarmUpAsync(new Uri(app.Url, path));
    }

    /// <returns>Milliseconds.</returns>
    private static async Task<double> MeasureAsync(HostedApp app, byte[] request)
    {
        var watch = Stopwatch.StartNew();
        await using var host = await FunctionsHost.StartAsync(app);
        using var wire = await Wire.ConnectAsync(app.Url.Port);
        var reply = await wire.SendAsync(request);
        if (host.Invocations.All is [{ HasSucceeded: false } failed, ..])
            throw new BenchException($"{failed.Function} failed: {failed.Failure}");
        reply.Expect(200);
        return watch.Elapsed.TotalMilliseconds;
    }
}
