using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>statistics</c>: sign-ins, failures and tokens by the hour.</summary>
internal static class StatisticsCommand
{
    private static readonly Option<int?> Hours = new("--hours") { Description = "How many hours, the current one included; 24 without it", HelpName = "n" };

    public static Command Create(CliHost host) => CommandRun.Command(host, "statistics", "Count sign-ins, failures, new accounts and tokens by the hour", async run => run.Print(
        await (await run.ConnectAsync()).GetAsync("statistics", ("hours", run.Get(Hours)?.ToString(CultureInfo.InvariantCulture))),
        ("Hour", hour => Screen.MomentOf(hour["hour"])),
        ("Counts", hour => string.Join(", ", (hour["counts"] as JsonObject ?? []).Select(count => $"{count.Key} {count.Value}")))), Hours);
}
