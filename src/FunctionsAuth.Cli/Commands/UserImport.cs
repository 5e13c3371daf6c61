using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>users import</c>: many users from a file with one line of JSON for each.</summary>
internal static class UserImport
{
    // Small enough that the user sees progress, and that few lines are sent again after a failure.
    private const int LinesOfPart = 200;

    private static readonly Argument<string> Source = new("file") { Description = "A file with one user per line, in the format of docs/import.md, or - for standard input" };

    private static readonly string[] Outcomes = ["created", "updated", "unchanged", "failed"];

    public static Command Create(CliHost host) => CommandRun.Command(host, "import", "Create and change many users. Users that are already up to date are not changed, so you can send a file again", RunAsync, Source);

    private static async Task<int> RunAsync(CommandRun run)
    {
        var lines = (await run.ReadFileAsync(run.Get(Source))).Split('\n');
        var api = await run.ConnectAsync();
        var (report, counts) = (new JsonArray(), Outcomes.ToDictionary(name => name, _ => 0));
        await run.Screen.ProgressAsync("People", lines.Length, async show =>
        {
            for (var first = 0; first < lines.Length; first += LinesOfPart)
            {
                await SendAsync(api, lines[first..Math.Min(lines.Length, first + LinesOfPart)], first, report, counts);
                show(Math.Min(lines.Length, first + LinesOfPart));
            }
        });
        if (run.WantsJson)
        {
            var all = new JsonObject();
            foreach (var (name, count) in counts)
                all[name] = count;
            all["lines"] = report;
            run.Host.Output.WriteLine(all.ToJsonString(ApiJson.Compact));
        }
        else
        {
            foreach (var line in report.Where(line => line.Text("outcome") == "failed"))
                run.Screen.Note($"line {line.Text("line")}: {string.Join("; ", (line?["errors"] as JsonArray ?? []).Select(error => $"{error.Text("path")} {error.Text("detail")}".Trim()))}");
            run.Screen.Say(string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}")) + ".");
        }
        return counts["failed"] == 0 ? ExitCodes.Done : ExitCodes.Refused;
    }

    /// <summary>Sends a part repeatedly, each time from the line at which the server stopped, until all of it was read.</summary>
    /// <param name="before">The number of lines of the file before this part.</param>
    private static async Task SendAsync(ManageClient api, string[] part, int before, JsonArray report, Dictionary<string, int> counts)
    {
        if (part.All(string.IsNullOrWhiteSpace))
            return;
        var body = Encoding.UTF8.GetBytes(string.Join('\n', part));
        for (string? from = "1"; from is not null;)
        {
            var answer = (await api.SendAsync("users/import", body, "application/x-ndjson", ("from_line", from))).Record;
            foreach (var name in Outcomes)
                counts[name] += (int?)answer[name] ?? 0;
            foreach (var line in (answer["lines"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var moved = line.DeepClone().AsObject();
                moved["line"] = before + int.Parse(line.Text("line")!, CultureInfo.InvariantCulture);
                report.Add(moved);
            }
            from = answer.Text("next_line");
        }
    }
}
