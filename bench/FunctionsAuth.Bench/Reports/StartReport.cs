using System.Diagnostics;
using System.Globalization;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>From the start of the process to the first answer and to the first token, beside bare Kestrel.</summary>
internal static class StartReport
{
    private const int Rounds = 15;

    public static async Task WriteAsync(Report report, IReadOnlyList<Peer> peers)
    {
        var keys = Directory.CreateTempSubdirectory("functionsauth-bench-").FullName;
        try
        {
            // The first start makes the keys.
            (await StartAsync(() => Target.WithKeysAsync(keys))).Target.Dispose();
            List<Start> bare = [], ours = [];
            var others = peers.Where(peer => peer.Flows.Contains(Flow.ClientCredentials)).ToDictionary(peer => peer, _ => new List<Start>());
            for (var i = 0; i < Rounds; i++)
            {
                bare.Add(await MeasureAsync(Target.BareAsync));
                ours.Add(await MeasureAsync(() => Target.WithKeysAsync(keys)));
                foreach (var (peer, starts) in others)
                    starts.Add(await MeasureAsync(() => Target.PeerAsync(peer)));
            }
            Write(report, bare, ours, others);
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    private static void Write(Report report, List<Start> bare, List<Start> ours, Dictionary<Peer, List<Start>> others)
    {
        report.Heading("Start");
        report.Row("server", "metadata ms", "of bare Kestrel", "first token ms", "of bare Kestrel");
        report.Row("---", "---:", "---:", "---:", "---:");
        foreach (var (name, starts) in ((string, List<Start>)[])[("bare Kestrel", bare), ("FunctionsAuth, LocalHost", ours), .. others.Select(other => (other.Key.Name, other.Value))])
        {
            report.Row(
                name,
                $"{new Spread(starts.Select(start => start.Metadata)).Median:0}", Report.Ratio(new Spread(starts.Zip(bare, (start, other) => start.Metadata / other.Metadata))),
                $"{new Spread(starts.Select(start => start.Token)).Median:0}", Report.Ratio(new Spread(starts.Zip(bare, (start, other) => start.Token / other.Token))));
        }
        report.EndTable();
        report.Paragraph($"How far FunctionsAuth had come, in milliseconds since the process began (middle of {Rounds}): {string.Join(", ", StagesOf(ours))}; and bare Kestrel: {string.Join(", ", StagesOf(bare))}.");
    }

    private static IEnumerable<string> StagesOf(List<Start> starts) =>
        from stage in starts.SelectMany(start => start.Stages.Split(';')).Select(text => text.Split('='))
        group double.Parse(stage[1], CultureInfo.InvariantCulture) by stage[0] into times
        select $"{times.Key} {new Spread(times).Median:0}";

    private static async Task<Start> MeasureAsync(Func<Task<Target>> open)
    {
        var (watch, target) = await StartAsync(open);
        using (target)
        {
            using var wire = await Wire.ConnectAsync(target.Port);
            (await wire.SendAsync(Requests.Get(Site.WellKnown))).Expect(200);
            var metadata = watch.Elapsed.TotalMilliseconds;
            (await wire.SendAsync(Requests.Post("/token", "grant_type=client_credentials&scope=api.read", Clients.Service))).Expect(200);
            return new Start(metadata, watch.Elapsed.TotalMilliseconds, target.Stages);
        }
    }

    private static async Task<(Stopwatch Watch, Target Target)> StartAsync(Func<Task<Target>> open)
    {
        var watch = Stopwatch.StartNew();
        return (watch, await open());
    }

    private sealed record Start(double Metadata, double Token, string Stages);
}
