using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>How long and how often is measured.</summary>
/// <param name="WarmUp">How long a server is busy before it is measured: until then, the JIT compiler takes a part of the processor.</param>
internal sealed record Effort(int Rounds, TimeSpan Duration, TimeSpan WarmUp)
{
    public static Effort Quick { get; } = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    public static Effort Full { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
}

/// <summary>
/// Requests per second of each flow beside bare Kestrel and the peers, in rounds that take turns: what slows the machine down for a
/// while slows all of them.
/// </summary>
internal static class ThroughputReport
{
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(1);

    public static async Task WriteAsync(Report report, IReadOnlyList<Flow> flows, string algorithm, int connections, IReadOnlyList<Peer> peers, Effort effort, string? heading = null)
    {
        peers = [.. peers.Where(peer => peer.Algorithms.Contains(algorithm) && peer.Flows.Any(flows.Contains))];
        using var bare = await Target.BareAsync();
        using var ours = await Target.FunctionsAuthAsync(algorithm);
        var bareScripts = await ScriptsAsync(Flow.ClientCredentials, BareSite(bare.Port), connections);
        // A code that is used twice ends its session at some servers, so a check has a session of its own.
        await ServerCheck.RunAsync("FunctionsAuth", await Site.OpenAsync(ours.Port), algorithm, refusesReplay: true);
        var site = await Site.OpenAsync(ours.Port);
        List<RunningPeer> others = [];
        try
        {
            foreach (var peer in peers)
            {
                others.Add(await RunningPeer.StartAsync(peer, algorithm));
                if (peer.Flows.Contains(Flow.Exchange))
                    await ServerCheck.RunAsync(peer.Name, await Site.OpenAsync(others[^1].Target.Port, peer.WellKnown), algorithm, refusesReplay: !peer.TakesReplayedCodes);
            }
            var measured = await WarmUpAsync(bare, bareScripts, ours, site, others, flows, connections, effort);
            List<(Flow Flow, IReadOnlyList<Round> Rounds)> results = [];
            foreach (var (flow, scripts, competitors) in measured)
                results.Add((flow, await MeasureAsync(bare, bareScripts, ours, scripts, await AnewAsync(flow, competitors, connections), effort)));
            report.Heading(heading ?? $"{connections} connections, {algorithm}");
            Write(report, results, algorithm, connections, peers);
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    /// <summary>Every server does every flow before anything is measured, so that each one is compiled as far as it will be.</summary>
    private static async Task<IReadOnlyList<Contest>> WarmUpAsync(
        Target bare, IReadOnlyList<IScript> bareScripts, Target ours, Site site, IReadOnlyList<RunningPeer> others, IReadOnlyList<Flow> flows, int connections, Effort effort)
    {
        await Measurement.TakeAsync(bare, bareScripts, effort.WarmUp);
        List<Contest> contests = [];
        foreach (var flow in flows)
        {
            var scripts = await ScriptsAsync(flow, site, connections);
            await Measurement.TakeAsync(ours, scripts, ShareOf(flows.Count));
            List<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> competitors = [];
            foreach (var other in others.Where(other => other.Peer.Flows.Contains(flow)))
            {
                competitors.Add((other, await ScriptsAsync(flow, other.Site, connections)));
                await TryAsync(other, competitors[^1].Scripts, ShareOf(flows.Count(other.Peer.Flows.Contains)));
            }
            contests.Add(new Contest(flow, scripts, competitors));
        }
        return contests;

        TimeSpan ShareOf(int count) => effort.WarmUp / count > LeastWarmUp ? effort.WarmUp / count : LeastWarmUp;
    }

    /// <summary>With sessions of their own: some servers end a session, and all tokens of it, for what another flow did.</summary>
    private static async Task<IReadOnlyList<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)>> AnewAsync(
        Flow flow, IReadOnlyList<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> competitors, int connections)
    {
        List<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> anew = [];
        foreach (var (peer, _) in competitors)
            anew.Add((peer, await ScriptsAsync(flow, await Site.OpenAsync(peer.Target.Port, peer.Peer.WellKnown), connections)));
        return anew;
    }

    private static async Task<IReadOnlyList<Round>> MeasureAsync(
        Target bare, IReadOnlyList<IScript> bareScripts, Target ours, IReadOnlyList<IScript> scripts, IReadOnlyList<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> competitors, Effort effort)
    {
        List<Round> rounds = [];
        for (var i = 0; i < effort.Rounds; i++)
        {
            var round = new Round(await Measurement.TakeAsync(bare, bareScripts, effort.Duration), await Measurement.TakeAsync(ours, scripts, effort.Duration), []);
            foreach (var (other, theirs) in competitors)
            {
                if (await TryAsync(other, theirs, effort.Duration) is { } taken)
                    round.Peers[other.Peer] = taken;
            }
            rounds.Add(round);
        }
        return rounds;
    }

    /// <returns>Null if the other server refused a request. That ends neither the report nor the other servers.</returns>
    private static async Task<Measurement?> TryAsync(RunningPeer other, IReadOnlyList<IScript> scripts, TimeSpan duration)
    {
        try
        {
            return await Measurement.TakeAsync(other.Target, scripts, duration);
        }
        catch (BenchException e)
        {
            await Console.Error.WriteLineAsync($"{other.Peer.Name} refused a request: {e.Message}");
            return null;
        }
    }

    private static void Write(Report report, IReadOnlyList<(Flow Flow, IReadOnlyList<Round> Rounds)> results, string algorithm, int connections, IReadOnlyList<Peer> peers)
    {
        report.Row("flow", "algorithm", "of bare Kestrel with ES256", "requests/s", "CPU µs (bare)", "p50 ms", "p99 ms");
        report.Row("---", "---", "---:", "---:", "---:", "---:", "---:");
        foreach (var (flow, rounds) in results)
        {
            report.Row(
                flow.Name, algorithm,
                Report.Ratio(Of(rounds, round => round.Ours.PerSecond / round.Bare.PerSecond)),
                $"{Of(rounds, round => round.Ours.PerSecond).Median:N0}",
                $"{Of(rounds, round => round.Ours.ProcessorMicroseconds).Median:N0} ({Of(rounds, round => round.Bare.ProcessorMicroseconds).Median:N0})",
                $"{Of(rounds, round => round.Ours.P50).Median:N2}",
                $"{Of(rounds, round => round.Ours.P99).Median:N2}");
        }
        report.EndTable();
        if (peers.Count == 0)
            return;
        report.Paragraph($"How many times the requests per second of others, {connections} connections, {algorithm}; behind it, the requests per second of the other server, and its ratio to bare Kestrel.");
        report.Row(["flow", "algorithm", .. peers.Select(peer => peer.Name)]);
        report.Row(["---", "---", .. peers.Select(_ => "---:")]);
        foreach (var (flow, rounds) in results)
            report.Row([flow.Name, algorithm, .. peers.Select(peer => rounds.All(round => round.Peers.ContainsKey(peer)) ? Beside(rounds, peer) : peer.Flows.Contains(flow) ? "refused a request" : "")]);
        report.EndTable();
    }

    private static string Beside(IReadOnlyList<Round> rounds, Peer peer) =>
        $"{Report.Ratio(Of(rounds, round => round.Ours.PerSecond / round.Peers[peer].PerSecond))}; {Of(rounds, round => round.Peers[peer].PerSecond).Median:N0}, {Of(rounds, round => round.Peers[peer].PerSecond / round.Bare.PerSecond).Median:0.00}";

    private static Spread Of(IReadOnlyList<Round> rounds, Func<Round, double> value) => new(rounds.Select(value));

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

    private sealed record Contest(Flow Flow, IReadOnlyList<IScript> Scripts, IReadOnlyList<(RunningPeer Peer, IReadOnlyList<IScript> Scripts)> Competitors);

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
