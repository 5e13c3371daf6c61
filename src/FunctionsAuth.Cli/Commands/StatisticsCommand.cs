using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>statistics</c>: sign-ins, failures and tokens by the hour.</summary>
internal static class StatisticsCommand
{
    private static readonly Option<int?> Hours = new("--hours") { Description = "The number of hours, including the current one. The default is 24", HelpName = "n" };

    public static Command Create(CliHost host) => CommandRun.Command(host, "statistics", "Show the number of sign-ins, failures, new accounts and tokens per hour", async run => run.Print(
        await (await run.ConnectAsync()).GetAsync("statistics", ("hours", run.Get(Hours)?.ToString(CultureInfo.InvariantCulture))),
        ("Hour", hour => Screen.MomentOf(hour["hour"])),
        ("Counts", hour => string.Join(", ", (hour["counts"] as JsonObject ?? []).Select(count => $"{count.Key} {count.Value}")))), Hours);
}
