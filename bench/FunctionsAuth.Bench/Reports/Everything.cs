using System.Globalization;
using System.Runtime.InteropServices;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>All reports, one after the other, and BENCHMARKS.md from what they say.</summary>
internal static class Everything
{
    public static async Task WriteAsync(IReadOnlyList<Peer> peers, Effort effort, string? storage, string file, string notes)
    {
        var report = new Report();
        report.Title("Benchmarks");
        report.Paragraph(
            "Written by `dotnet dev.cs bench` from its own output. Machines differ, and a shared one is never quiet, so what counts is a **ratio** to something that was measured in the same run, " +
            "in rounds that take turns: the middle one, and in brackets the least and the most. Bare Kestrel is the practical limit: it reads the form of a token request and signs one ES256 JWT, and checks and keeps nothing.");
        report.Paragraph(
            $"{DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), " +
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}{string.Concat(peers.Select(peer => $", {peer.Name.Split(',')[0]} {peer.Version}").Distinct())}.");
        await GeneratorReport.WriteAsync(report, effort);
        await ThroughputReport.WriteAsync(report, Flow.All, "ES256", 16, peers, effort);
        await StartReport.WriteAsync(report, peers);
        if (storage is not null)
        {
            await WorkerReport.WriteAsync(report, storage, effort);
            await WorkerStartReport.WriteAsync(report, storage);
        }
        await AllocationReport.WriteAsync(report, Flow.Countable);
        await ThroughputReport.WriteAsync(report, Flow.Signing, "RS256", 16, peers, effort);
        if (Peer.WithSlowHash(peers) is { } slow)
            await ThroughputReport.WriteAsync(report, [Flow.ClientCredentials], "ES256", 16, [slow], Effort.Quick, "With the hash of secrets that OpenIddict takes by itself");
        await DpopReport.WriteAsync(report, effort);
        await LoginReport.WriteAsync(report, effort);
        await ThroughputReport.WriteAsync(report, Flow.Signing, "ES256", 64, peers, effort);
        await LatencyReport.WriteAsync(report, Flow.Single, effort);
        await ScaleReport.WriteAsync(report, effort);
        await MemoryReport.WriteAsync(report);
        report.Paragraph(await File.ReadAllTextAsync(notes));
        await File.WriteAllTextAsync(file, report.Text.TrimEnd() + "\n");
    }
}
