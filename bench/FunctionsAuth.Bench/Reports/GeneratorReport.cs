using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>Whether what makes the load is what limits it: its own share of the processor, and wrk on the same server where that is installed.</summary>
internal static partial class GeneratorReport
{
    private const int Connections = 16;

    public static async Task WriteAsync(Report report, Effort effort)
    {
        using var bare = await Target.BareAsync();
        List<IScript> scripts = [];
        for (var i = 0; i < Connections; i++)
            scripts.Add(await Flow.ClientCredentials.PrepareAsync(ThroughputReport.BareSite(bare.Port)));
        await Measurement.TakeAsync(bare, scripts, effort.Duration);

        List<(double Own, double Server, double PerSecond, double? Wrk)> rounds = [];
        for (var i = 0; i < effort.Rounds; i++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var measured = await Measurement.TakeAsync(bare, scripts, effort.Duration);
            var own = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / (measured.PerSecond * effort.Duration.TotalSeconds);
            rounds.Add((own, measured.ProcessorMicroseconds, measured.PerSecond, await WrkAsync(bare.Port, effort.Duration)));
        }
        report.Heading("The load");
        report.Paragraph(
            $"The load comes from this program, over sockets, with requests that are ready as bytes: {new Spread(rounds.Select(round => round.Own)).Median:0} µs of processor for a request of bare Kestrel, " +
            $"which itself takes {new Spread(rounds.Select(round => round.Server)).Median:0}. Both share the cores, so a ratio of requests per second is nearer to 1 than one of processor time. " +
            (rounds[0].Wrk is null
                ? "wrk is not installed here, so it was not compared with it."
                : $"Beside wrk with the same request it gets {Report.Ratio(new Spread(rounds.Select(round => round.PerSecond / round.Wrk!.Value)))} of its requests per second."));
    }

    /// <returns>Requests per second; null where there is no wrk.</returns>
    private static async Task<double?> WrkAsync(int port, TimeSpan duration)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, $"""
            wrk.method = "POST"
            wrk.body = "grant_type=client_credentials&scope=api.read"
            wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
            wrk.headers["Authorization"] = "{Clients.Service["Authorization: ".Length..]}"
            """);
        try
        {
            using var wrk = Process.Start(new ProcessStartInfo(
                "wrk", ["-t", "2", "-c", $"{Connections}", "-d", $"{duration.TotalSeconds:0}s", "-s", script, $"http://127.0.0.1:{port}/token"])
            { RedirectStandardOutput = true })!;
            var output = await wrk.StandardOutput.ReadToEndAsync();
            return double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(script);
        }
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();
}
