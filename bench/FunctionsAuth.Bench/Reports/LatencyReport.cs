using System.Diagnostics;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>
/// What a flow waits for when tables and keys are far away: the middle time of one request at a time, less that of the same server with
/// tables and keys at hand.
/// </summary>
internal static class LatencyReport
{
    private static readonly (int Storage, int Signature)[] Delays = [(2, 0), (5, 0), (5, 20), (20, 20)];
    private static readonly int[] Timers = [2, 5, 20];

    public static async Task WriteAsync(Report report, IReadOnlyList<Flow> flows, Effort effort)
    {
        report.Heading("Tables and keys that are far away");
        report.Paragraph(
            "Milliseconds that a request waits longer, p50 of one connection, when each storage operation and each signature takes so long. " +
            $"The timers of this machine are late: {string.Join(", ", await Task.WhenAll(Timers.Select(LatenessAsync)))}.");
        report.Row(["flow", .. Delays.Select(delay => $"{delay.Storage} + {delay.Signature} ms")]);
        report.Row(["---", .. Delays.Select(_ => "---:")]);
        using var near = await Target.FunctionsAuthAsync();
        var nearSite = await Site.OpenAsync(near.Port);
        List<(Target Target, Site Site)> far = [];
        try
        {
            foreach (var (storage, signature) in Delays)
            {
                var target = await Target.FunctionsAuthAsync(storageLatency: storage, signatureLatency: signature);
                far.Add((target, await Site.OpenAsync(target.Port)));
            }
            foreach (var flow in flows)
            {
                var least = await P50Async(near, await flow.PrepareAsync(nearSite), effort);
                List<string> cells = [flow.Name];
                foreach (var (target, site) in far)
                    cells.Add($"{await P50Async(target, await flow.PrepareAsync(site), effort) - least:0.0}");
                report.Row([.. cells]);
            }
        }
        finally
        {
            far.ForEach(pair => pair.Target.Dispose());
        }
        report.EndTable();
    }

    private static async Task<string> LatenessAsync(int milliseconds)
    {
        List<double> took = [];
        for (var i = 0; i < 100; i++)
        {
            var watch = Stopwatch.StartNew();
            await Task.Delay(milliseconds);
            took.Add(watch.Elapsed.TotalMilliseconds);
        }
        return $"{milliseconds} ms take {new Spread(took).Median:0.0}";
    }

    private static async Task<double> P50Async(Target target, IScript script, Effort effort)
    {
        await LoadGenerator.RunAsync(target.Port, [script], effort.Duration);
        return (await LoadGenerator.RunAsync(target.Port, [script], effort.Duration)).Percentile(0.5);
    }
}
