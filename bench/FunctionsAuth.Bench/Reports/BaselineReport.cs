using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>What a plain login and a plain token cost, kept in a file, so that it can be seen what later features add to it.</summary>
internal static class BaselineReport
{
    private const int Connections = 16;

    /// <summary>By so much allocated memory may differ between two runs of the same code.</summary>
    private const double MemoryTolerance = 0.03;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static async Task WriteAsync(string file)
    {
        var measured = await MeasureAsync();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured, Json) + "\n");
        Console.WriteLine($"Written: {file}");
    }

    /// <summary>Measures again and shows both.</summary>
    /// <returns>0, or 1 when something costs more than it did.</returns>
    public static async Task<int> CompareAsync(string file)
    {
        var before = JsonSerializer.Deserialize<Baseline>(await File.ReadAllTextAsync(file), Json)!;
        var now = await MeasureAsync();
        var report = new Report();
        report.Paragraph($"Before: {before.Machine}. Now: {now.Machine}.");
        report.Row("flow", "storage operations", "signatures", "allocated bytes", "requests/s, of bare Kestrel", "");
        report.Row("---", "---:", "---:", "---:", "---:", "---");
        var isWorse = false;
        foreach (var (old, one) in before.Flows.Join(now.Flows, flow => flow.Name, flow => flow.Name, (old, one) => (old, one)))
        {
            var verdict = VerdictOf(old, one);
            isWorse |= verdict.Length > 0;
            report.Row(
                old.Name,
                $"{old.StorageOperations:0.##} → {one.StorageOperations:0.##}", $"{old.Signatures:0.##} → {one.Signatures:0.##}", $"{old.AllocatedBytes:N0} → {one.AllocatedBytes:N0}",
                $"{old.OfBareKestrel.Text} → {one.OfBareKestrel.Text}", verdict.Length > 0 ? verdict : "as before");
        }
        report.EndTable();
        return isWorse ? 1 : 0;
    }

    private static string VerdictOf(FlowCost old, FlowCost one)
    {
        List<string> worse = [];
        if (one.StorageOperations > old.StorageOperations)
            worse.Add("more storage operations");
        if (one.Signatures > old.Signatures)
            worse.Add("more signatures");
        if (one.AllocatedBytes > old.AllocatedBytes * (1 + MemoryTolerance))
            worse.Add("more memory");
        // Only where the two intervals do not touch: one round of a busy machine says nothing.
        if (one.OfBareKestrel.Most < old.OfBareKestrel.Least)
            worse.Add("slower");
        return string.Join(", ", worse);
    }

    private static async Task<Baseline> MeasureAsync()
    {
        using var bare = await Target.BareAsync();
        using var ours = await Target.FunctionsAuthAsync();
        var site = await Site.OpenAsync(ours.Port);
        var bareScripts = await ThroughputReport.ScriptsAsync(Flow.ClientCredentials, ThroughputReport.BareSite(bare.Port), Connections);
        await Measurement.TakeAsync(bare, bareScripts, WarmUp);
        List<FlowCost> flows = [];
        foreach (var flow in (Flow[])[Flow.ClientCredentials, Flow.Authorize, Flow.Exchange, Flow.Refresh])
        {
            await Cost.TakeAsync(ours, await flow.PrepareAsync(site));
            var cost = await Cost.TakeAsync(ours, await flow.PrepareAsync(site));
            var scripts = await ThroughputReport.ScriptsAsync(flow, site, Connections);
            await Measurement.TakeAsync(ours, scripts, WarmUp);
            List<double> ratios = [];
            for (var i = 0; i < Effort.Full.Rounds; i++)
            {
                var limit = await Measurement.TakeAsync(bare, bareScripts, Effort.Full.Duration);
                ratios.Add((await Measurement.TakeAsync(ours, scripts, Effort.Full.Duration)).PerSecond / limit.PerSecond);
            }
            var spread = new Spread(ratios);
            flows.Add(new FlowCost(
                flow.Name, Math.Round(cost.StorageOperations, 2), Math.Round(cost.Signatures, 2), Math.Round(cost.AllocatedBytes),
                new Interval(Math.Round(spread.Least, 3), Math.Round(spread.Median, 3), Math.Round(spread.Most, 3))));
        }
        return new Baseline(DateOnly.FromDateTime(DateTime.UtcNow), Machine.Describe(), flows);
    }

    private sealed record Baseline(DateOnly Date, Machine Machine, IReadOnlyList<FlowCost> Flows);

    private sealed record FlowCost(string Name, double StorageOperations, double Signatures, double AllocatedBytes, Interval OfBareKestrel);

    private sealed record Interval(double Least, double Median, double Most)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public string Text => string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ({Least:0.00} to {Most:0.00})");
    }

    private sealed record Machine(int Cores, string Architecture, string System, string Runtime, string FunctionsAuth)
    {
        public static Machine Describe() => new(
            Environment.ProcessorCount, $"{RuntimeInformation.ProcessArchitecture}", RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
            $"{typeof(ServerServices).Assembly.GetName().Version}");

        public override string ToString() => $"{Cores} cores ({Architecture}), {System}, {Runtime}, FunctionsAuth {FunctionsAuth}";
    }
}
