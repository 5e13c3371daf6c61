using System.Globalization;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>What it costs that a table is full: the flows and the pruning of 1,000 grants, beside those among 1,000 others.</summary>
internal static class ScaleReport
{
    private const int Expired = 1_000;
    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    public static async Task WriteAsync(Report report, Effort effort)
    {
        report.Heading("Full tables");
        report.Paragraph($"CPU per request, and the time that pruning {Expired:N0} expired grants takes, as ratios to a table of {Sizes[0]:N0} grants.");
        report.Row("grants", Flow.Exchange.Name, Flow.Refresh.Name, $"prune {Expired:N0}");
        report.Row("---:", "---:", "---:", "---:");
        List<Stored> all = [];
        try
        {
            foreach (var size in Sizes)
            {
                var target = await Target.FunctionsAuthAsync(grants: size);
                all.Add(new Stored(size, target, await Site.OpenAsync(target.Port)));
            }
            for (var round = 0; round <= effort.Rounds; round++)
            {
                // The first one warms up.
                foreach (var stored in all)
                    await stored.MeasureAsync(isKept: round > 0, effort.Duration);
            }
            foreach (var stored in all)
            {
                report.Row(
                    stored.Size.ToString("N0", CultureInfo.InvariantCulture),
                    Report.Ratio(Of(stored.Exchange, all[0].Exchange)), Report.Ratio(Of(stored.Refresh, all[0].Refresh)), Report.Ratio(Of(stored.Prune, all[0].Prune)));
            }
        }
        finally
        {
            all.ForEach(stored => stored.Target.Dispose());
        }
        report.EndTable();
    }

    private static Spread Of(List<double> values, List<double> baseline) => new(values.Zip(baseline, (value, other) => value / other));

    private sealed record Stored(int Size, Target Target, Site Site)
    {
        public List<double> Exchange { get; } = [];

        public List<double> Refresh { get; } = [];

        public List<double> Prune { get; } = [];

        public async Task MeasureAsync(bool isKept, TimeSpan duration)
        {
            var exchange = await Measurement.TakeAsync(Target, [await Flow.Exchange.PrepareAsync(Site)], duration);
            var refresh = await Measurement.TakeAsync(Target, [await Flow.Refresh.PrepareAsync(Site)], duration);
            // Several, as one is soon done.
            var prune = 0d;
            for (var i = 0; i < 5; i++)
                prune += await Target.PruneAsync(Expired);
            if (!isKept)
                return;
            Exchange.Add(exchange.ProcessorMicroseconds);
            Refresh.Add(refresh.ProcessorMicroseconds);
            Prune.Add(prune);
        }
    }
}
