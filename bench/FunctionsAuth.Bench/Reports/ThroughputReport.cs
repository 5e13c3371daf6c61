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

    public static async Task WriteAsync(Report report, IReadOnlyList<Flow> flows, string algorithm, int connections, IReadOnlyList<Peer> peers, Effort effort)
    {
        peers = [.. peers.Where(peer => peer.Algorithms.Contains(algorithm))];
        using var bare = await Target.BareAsync();
        using var ours = await Target.FunctionsAuthAsync(algorithm);
        var bareScripts = await ScriptsAsync(Flow.ClientCredentials, BareSite(bare.Port), connections);
        await Measurement.TakeAsync(bare, bareScripts, WarmUp);
        var site = await Site.OpenAsync(ours.Port);
        List<RunningPeer> others = [];
        try
        {
            foreach (var peer in peers)
                others.Add(await RunningPeer.StartAsync(peer, algorithm));

            report.Heading($"{connections} connections, {algorithm}");
            string[] heads = ["flow", "of bare Kestrel", "requests/s", "CPU µs (bare)", "p50 ms", "p99 ms", .. peers.SelectMany(peer => (string[])[peer.Name, $"times {peer.Name}"])];
            report.Row(heads);
            report.Row([.. heads.Select((_, i) => i == 0 ? "---" : "---:")]);
            foreach (var flow in flows)
            {
                var scripts = await ScriptsAsync(flow, site, connections);
                await Measurement.TakeAsync(ours, scripts, WarmUp);
                List<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> competitors = [];
                foreach (var other in others.Where(other => other.Peer.Flows.Contains(flow)))
                {
                    competitors.Add((other, await ScriptsAsync(flow, other.Site, connections)));
                    await Measurement.TakeAsync(other.Target, competitors[^1].Scripts, WarmUp);
                }
                List<Round> rounds = [];
                for (var i = 0; i < effort.Rounds; i++)
                {
                    var round = new Round(await Measurement.TakeAsync(bare, bareScripts, effort.Duration), await Measurement.TakeAsync(ours, scripts, effort.Duration), []);
                    foreach (var (other, theirs) in competitors)
                        round.Peers[other.Peer] = await Measurement.TakeAsync(other.Target, theirs, effort.Duration);
                    rounds.Add(round);
                }
                Write(report, flow, rounds, peers);
            }
            report.EndTable();
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    private static void Write(Report report, Flow flow, IReadOnlyList<Round> rounds, IReadOnlyList<Peer> peers)
    {
        var ours = new Spread(rounds.Select(round => round.Ours.PerSecond));
        report.Row(
        [
            flow.Name,
            Report.Ratio(new Spread(rounds.Select(round => round.Ours.PerSecond / round.Bare.PerSecond))),
            $"{ours.Median:N0}",
            $"{new Spread(rounds.Select(round => round.Ours.ProcessorMicroseconds)).Median:N0} ({new Spread(rounds.Select(round => round.Bare.ProcessorMicroseconds)).Median:N0})",
            $"{new Spread(rounds.Select(round => round.Ours.P50)).Median:N2}",
            $"{new Spread(rounds.Select(round => round.Ours.P99)).Median:N2}",
            .. peers.SelectMany(peer => rounds[0].Peers.ContainsKey(peer) ? Beside(peer) : ["", ""]),
        ]);

        string[] Beside(Peer peer) =>
        [
            $"{new Spread(rounds.Select(round => round.Peers[peer].PerSecond)).Median:N0}",
            Report.Ratio(new Spread(rounds.Select(round => round.Ours.PerSecond / round.Peers[peer].PerSecond))),
        ];
    }

    /// <summary>It has a token endpoint and nothing else.</summary>
    public static Site BareSite(int port) => new(port, "", "/token", "", "", "", "", "");

    public static async Task<IReadOnlyList<IScript>> ScriptsAsync(Flow flow, Site site, int connections)
    {
        List<IScript> scripts = [];
        for (var i = 0; i < connections; i++)
            scripts.Add(await flow.PrepareAsync(site));
        return scripts;
    }

    private sealed record Round(Measurement Bare, Measurement Ours, Dictionary<Peer, Measurement> Peers);

    private sealed record RunningPeer(Peer Peer, Target Target, Site Site) : IDisposable
    {
        public static async Task<RunningPeer> StartAsync(Peer peer, string algorithm)
        {
            var target = await Target.PeerAsync(peer, algorithm);
            return new RunningPeer(peer, target, await Site.OpenAsync(target.Port, peer.WellKnown));
        }

        public void Dispose() => Target.Dispose();
    }
}
