using System.Globalization;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>Whether anything stays in memory of a grant but the grant: live bytes before many and after, when their rows are deleted.</summary>
internal static class MemoryReport
{
    private const int Grants = 100_000;
    private const int Connections = 16;

    public static async Task WriteAsync(Report report)
    {
        report.Heading("Memory");
        using var server = await Target.FunctionsAuthAsync();
        var site = await Site.OpenAsync(server.Port);
        // What is made once for all, and as often as the memory for tokens holds.
        await RunAsync(site, Grants / 10);
        await server.ClearAsync();
        var before = await LiveAsync(server);
        await RunAsync(site, Grants);
        var after = await LiveAsync(server);
        await server.ClearAsync();
        var left = await LiveAsync(server);
        report.Paragraph(
            $"{Grants:N0} code exchanges add {Megabytes(after - before)} MB of live memory, as the tables are in memory, too. Once the grants are deleted, {Megabytes(left - before)} MB of them are left: " +
            $"**{(double)(left - before) / (after - before):0.000}** of it.");
    }

    private static async Task RunAsync(Site site, int exchanges)
    {
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            var script = await Flow.Exchange.PrepareAsync(site);
            using var wire = await Wire.ConnectAsync(site.Port);
            for (var i = 0; i < exchanges / Connections; i++)
                await script.RunAsync(Sender.To(wire));
        }));
    }

    private static string Megabytes(long bytes) => (bytes / 1048576d).ToString("N1", CultureInfo.InvariantCulture);

    private static async Task<long> LiveAsync(Target target) => (await target.FiguresAsync("?collect=true")).LiveBytes;
}
