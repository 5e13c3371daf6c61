using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;
using FunctionsAuth.WorkerHost.Hosting;
using FunctionsAuth.WorkerHost.Worker;

namespace FunctionsAuth.Bench.Reports;

/// <summary>
/// The published app in the real isolated worker, beside a function app that does the least: it answers a text, or reads a form and signs one
/// JWT. What that takes is the platform's, so a ratio near 1 means that the server itself costs little. They take turns.
/// </summary>
internal static class WorkerReport
{
    private const int Connections = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <param name="storage">The connection string of a storage account: a worker has no tables in memory.</param>
    public static async Task WriteAsync(Report report, string storage, Effort effort)
    {
        var keys = Directory.CreateTempSubdirectory("functionsauth-bench-").FullName;
        try
        {
            var trivial = new HostedApp(await PublishedApp.PublishAsync("bench/TrivialApp", "bench-trivial"), WorkerApps.NewUrl(), new Dictionary<string, string?>());
            await using var trivialHost = await FunctionsHost.StartAsync(trivial);
            var (ec, rsa) = (await WorkerApps.DescribeAsync(storage, keys, "ES256"), await WorkerApps.DescribeAsync(storage, keys, "RS256"));
            await using var ecHost = await FunctionsHost.StartAsync(ec);
            await using var rsaHost = await FunctionsHost.StartAsync(rsa);
            await trivialHost.WarmUpAsync(new Uri(trivial.Url, "hello"));
            await ecHost.WarmUpAsync(new Uri(ec.Url, "health"));
            await rsaHost.WarmUpAsync(new Uri(rsa.Url, "health"));

            report.Heading("The worker under load");
            report.Paragraph(
                $"{Connections} connections, through the host that the tests use. The signing keys are in files of this machine, as the worker signs itself with wrapped keys, too. " +
                "The other app is a function that answers a text, or that reads the form of a token request and signs one JWT with the same algorithm.");
            report.Row("request", "algorithm", "of the trivial function", "requests/s", "trivial, requests/s", "p50 ms", "p99 ms");
            report.Row("---", "---", "---:", "---:", "---:", "---:", "---:");
            await RowAsync(report, "metadata", "", (ec.Url, Requests.Get(Site.WellKnown)), (trivial.Url, Requests.Get("/hello")), effort);
            foreach (var (algorithm, url) in ((string, Uri)[])[("ES256", ec.Url), ("RS256", rsa.Url)])
                await RowAsync(report, "client_credentials", algorithm, (url, Token("/token")), (trivial.Url, Token($"/{algorithm.ToLowerInvariant()}")), effort);
            report.EndTable();
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    private static byte[] Token(string path) => Requests.Post(path, "grant_type=client_credentials&scope=api.read", Clients.Service);

    private static async Task RowAsync(Report report, string name, string algorithm, (Uri Url, byte[] Request) ours, (Uri Url, byte[] Request) trivial, Effort effort)
    {
        foreach (var (url, request) in ((Uri, byte[])[])[trivial, ours])
            await RunAsync(url, request, WarmUp);
        List<(LoadResult Ours, LoadResult Trivial)> rounds = [];
        for (var i = 0; i < effort.Rounds; i++)
        {
            var limit = await RunAsync(trivial.Url, trivial.Request, effort.Duration);
            rounds.Add((await RunAsync(ours.Url, ours.Request, effort.Duration), limit));
        }
        report.Row(
            name, algorithm, Report.Ratio(Of(rounds, round => round.Ours.PerSecond / round.Trivial.PerSecond)),
            $"{Of(rounds, round => round.Ours.PerSecond).Median:N0}", $"{Of(rounds, round => round.Trivial.PerSecond).Median:N0}",
            $"{Of(rounds, round => round.Ours.Percentile(0.5)).Median:N2}", $"{Of(rounds, round => round.Ours.Percentile(0.99)).Median:N2}");
    }

    private static Task<LoadResult> RunAsync(Uri url, byte[] request, TimeSpan duration) =>
        LoadGenerator.RunAsync(url.Port, [.. Enumerable.Range(0, Connections).Select(_ => new OneRequest(request, 200))], duration);

    private static Spread Of(List<(LoadResult Ours, LoadResult Trivial)> rounds, Func<(LoadResult Ours, LoadResult Trivial), double> value) => new(rounds.Select(value));
}
