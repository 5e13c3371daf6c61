using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>What it costs the server that a token is bound to a key: the same grant with and without a proof, in rounds that take turns.</summary>
internal static class DpopReport
{
    private const int Connections = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task WriteAsync(Report report, Effort effort)
    {
        using var server = await Target.FunctionsAuthAsync();
        var site = await Site.OpenAsync(server.Port);
        var bearer = await ThroughputReport.ScriptsAsync(Flow.ClientCredentials, site, Connections);
        IReadOnlyList<IScript> bound = [.. Enumerable.Range(0, Connections).Select(_ => new DpopScript(site))];
        await Measurement.TakeAsync(server, bearer, WarmUp);
        await Measurement.TakeAsync(server, bound, WarmUp);
        List<(double Bearer, double Bound)> rounds = [];
        for (var i = 0; i < effort.Rounds; i++)
            rounds.Add(((await Measurement.TakeAsync(server, bearer, effort.Duration)).ProcessorMicroseconds, (await Measurement.TakeAsync(server, bound, effort.Duration)).ProcessorMicroseconds));
        var (plain, proven) = (await Cost.TakeAsync(server, bearer[0]), await Cost.TakeAsync(server, bound[0]));

        report.Heading("A token that is bound to a key");
        report.Row("client_credentials, ES256", "bearer token", "with DPoP", "ratio");
        report.Row("---", "---:", "---:", "---:");
        report.Row(
            "CPU µs of the server", $"{new Spread(rounds.Select(round => round.Bearer)).Median:N0}", $"{new Spread(rounds.Select(round => round.Bound)).Median:N0}",
            Report.Ratio(new Spread(rounds.Select(round => round.Bound / round.Bearer))));
        report.Row("allocated KB", $"{plain.AllocatedBytes / 1024:0.0}", $"{proven.AllocatedBytes / 1024:0.0}", $"{proven.AllocatedBytes / plain.AllocatedBytes:0.00}");
        report.Row("storage operations", $"{plain.StorageOperations:0.##}", $"{proven.StorageOperations:0.##}", "");
        report.Row("signatures", $"{plain.Signatures:0.##}", $"{proven.Signatures:0.##}", "");
        report.EndTable();
    }
}
