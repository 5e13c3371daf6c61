using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>audit</c>: the events of the server.</summary>
internal static class AuditCommands
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // An event can become visible shortly after a newer one.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private static readonly Option<string?> Since = new("--since") { Description = "The earliest time: a date, or a time span such as 2h or 7d. The default is one day", HelpName = "moment" };
    private static readonly Option<string?> Until = new("--until") { Description = "The latest time: a date or a time span", HelpName = "moment" };
    private static readonly Option<string?> User = new("--user") { Description = "Only events of this user", HelpName = "person" };
    private static readonly Option<string?> Client = new("--client") { Description = "Only events of this client", HelpName = "id" };
    private static readonly Option<string?> Kind = new("--kind") { Description = "Only events of this kind, such as sign_in_failed", HelpName = "kind" };
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Show new events until you stop the command" };
    private static readonly Option<int> Lines = new("--lines", "-n") { Description = "The number of events to show first", HelpName = "n", DefaultValueFactory = _ => 20 };

    public static Command Create(CliHost host) => CommandRun.Group(
        "audit",
        "Events of the server",
        CommandRun.Command(host, "list", "List events, newest first", ListAsync, Since, Until, User, Client, Kind, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "tail", "Show the latest events, newest last", TailAsync, User, Client, Kind, Lines, Follow));

    private static async Task ListAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.PrintListAsync(
            api,
            "events",
            [("from", Moments.Ago(run, run.Get(Since))), ("to", Moments.Ago(run, run.Get(Until))), .. await FilterAsync(run, api)],
            ("When", entry => Screen.MomentOf(entry["at"])),
            ("What", entry => entry.Text("kind")),
            ("Person", entry => entry.Text("subject")),
            ("Client", entry => entry.Text("client_id")),
            ("By", entry => entry.Text("by") ?? entry.Text("actor")),
            ("Detail", entry => entry.Text("detail")));
    }

    private static async Task TailAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var filter = await FilterAsync(run, api);
        var limit = run.Get(Lines).ToString(CultureInfo.InvariantCulture);
        HashSet<string> seen = [];
        string? from = null;
        try
        {
            while (true)
            {
                var items = (await api.GetAsync("events", [("from", from), ("limit", limit), .. filter])).Json.Items();
                foreach (var entry in items.Reverse().OfType<JsonNode>().Where(entry => seen.Add(entry.Text("id") ?? "")))
                    Write(run, entry);
                if (!run.Get(Follow))
                    return;
                (from, limit) = (Moments.Write(run.Host.Clock.GetUtcNow() - Overlap), "200");
                await Task.Delay(Pause, run.Host.Clock, run.Stopping);
            }
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested && run.Get(Follow))
        {
            // The user stops the command in this way.
        }
    }

    private static void Write(CommandRun run, JsonNode entry)
    {
        if (run.WantsJson)
            run.Host.Output.WriteLine(entry.ToJsonString(ApiJson.Compact));
        else
            run.Screen.Say(string.Join("  ", new[] { Screen.MomentOf(entry["at"]), entry.Text("kind"), entry.Text("subject"), entry.Text("client_id"), entry.Text("by"), entry.Text("detail") }.Where(part => !string.IsNullOrEmpty(part))));
    }

    private static async Task<(string Name, string? Value)[]> FilterAsync(CommandRun run, ManageClient api) =>
    [
        ("subject", run.Get(User) is { } name ? (await People.FindAsync(api, name)).Text("subject") : null),
        ("client_id", run.Get(Client)),
        ("kind", run.Get(Kind)),
    ];
}
