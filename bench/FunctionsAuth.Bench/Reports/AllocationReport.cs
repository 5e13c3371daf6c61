using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>What a request takes of memory, tables and keys: counted, not timed.</summary>
internal static class AllocationReport
{
    public static async Task WriteAsync(Report report, IReadOnlyList<Flow> flows)
    {
        report.Heading("What a request costs");
        report.Row("flow", "allocated KB", "storage operations", "signatures");
        report.Row("---", "---:", "---:", "---:");
        using var server = await Target.FunctionsAuthAsync();
        var site = await Site.OpenAsync(server.Port);
        foreach (var flow in flows)
        {
            // Twice: what is made once for all is made in the first run.
            await Cost.TakeAsync(server, await flow.PrepareAsync(site));
            var cost = await Cost.TakeAsync(server, await flow.PrepareAsync(site));
            report.Row(flow.Name, $"{cost.AllocatedBytes / 1024:0.0}", $"{cost.StorageOperations:0.##}", $"{cost.Signatures:0.##}");
        }
        report.EndTable();
    }
}
