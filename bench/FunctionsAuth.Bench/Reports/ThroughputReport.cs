using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>How long and how often is measured.</summary>
internal sealed record Effort(int Rounds, TimeSpan Duration)
{
    public static Effort Quick { get; } = new(3, TimeSpan.FromSeconds(1));

    public static Effort Full { get; } = new(5, TimeSpan.FromSeconds(2));
}

/// <summary>
/// Requests per second of each flow beside bare Kestrel and the peers, in rounds that take turns: what slows the machine down for a
/// while slows all of them.
/// </summary>
internal static class ThroughputReport
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task WriteAsync(Report report, IReadOnlyList<Flow> flows, string algorithm, int connections, string? peerFolder, Effort effort)
    {
        using var bare = await Target.BareAsync();
        using var ours = await Target.FunctionsAuthAsync(algorithm);
        using var peer = peerFolder is null ? null : await Target.OidcProviderAsync(peerFolder, algorithm);
        var site = await Site.OpenAsync(ours.Port);
        var peerSite = peer is null ? null : await Site.OpenAsync(peer.Port);
        var bareScripts = await ScriptsAsync(Flow.ClientCredentials, BareSite(bare.Port), connections);
        await Measurement.TakeAsync(bare, bareScripts, WarmUp);

        report.Heading($"{connections} connections, {algorithm}");
        report.Row("flow", "of bare Kestrel", "requests/s", "CPU µs (bare)", "p50 ms", "p99 ms", "oidc-provider", "times oidc-provider");
        report.Row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var flow in flows)
        {
            var scripts = await ScriptsAsync(flow, site, connections);
            var peerScripts = peerSite is null ? null : await ScriptsAsync(flow, peerSite, connections);
            await Measurement.TakeAsync(ours, scripts, WarmUp);
            if (peerScripts is not null)
                await Measurement.TakeAsync(peer!, peerScripts, WarmUp);
            List<Round> rounds = [];
            for (var i = 0; i < effort.Rounds; i++)
            {
                rounds.Add(new Round(
                    await Measurement.TakeAsync(bare, bareScripts, effort.Duration),
                    await Measurement.TakeAsync(ours, scripts, effort.Duration),
                    peerScripts is null ? null : await Measurement.TakeAsync(peer!, peerScripts, effort.Duration)));
            }
            Write(report, flow, rounds);
        }
        report.EndTable();
    }

    private static void Write(Report report, Flow flow, IReadOnlyList<Round> rounds)
    {
        var ours = new Spread(rounds.Select(round => round.Ours.PerSecond));
        var peers = rounds.Where(round => round.Peer is not null).ToList();
        report.Row(
            flow.Name,
            Report.Ratio(new Spread(rounds.Select(round => round.Ours.PerSecond / round.Bare.PerSecond))),
            $"{ours.Median:N0}",
            $"{new Spread(rounds.Select(round => round.Ours.ProcessorMicroseconds)).Median:N0} ({new Spread(rounds.Select(round => round.Bare.ProcessorMicroseconds)).Median:N0})",
            $"{new Spread(rounds.Select(round => round.Ours.P50)).Median:N2}",
            $"{new Spread(rounds.Select(round => round.Ours.P99)).Median:N2}",
            peers.Count == 0 ? "" : $"{new Spread(peers.Select(round => round.Peer!.PerSecond)).Median:N0}",
            peers.Count == 0 ? "" : Report.Ratio(new Spread(peers.Select(round => round.Ours.PerSecond / round.Peer!.PerSecond))));
    }

    /// <summary>It has a token endpoint and nothing else.</summary>
    public static Site BareSite(int port) => new(port, "", "/token", "", "", "", "", "");

    private static async Task<IReadOnlyList<IScript>> ScriptsAsync(Flow flow, Site site, int connections)
    {
        List<IScript> scripts = [];
        for (var i = 0; i < connections; i++)
            scripts.Add(await flow.PrepareAsync(site));
        return scripts;
    }

    private sealed record Round(Measurement Bare, Measurement Ours, Measurement? Peer);
}
