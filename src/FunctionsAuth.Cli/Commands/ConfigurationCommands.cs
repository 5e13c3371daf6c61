using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>export</c>, <c>plan</c> and <c>apply</c>: the configuration as code.</summary>
internal static class ConfigurationCommands
{
    private const string Path = "configuration";

    private static readonly Argument<string?> Target = new("file") { Description = "The file to write. The default is standard output", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Source = new("file") { Description = "The file, or - for standard input" };
    private static readonly Option<bool> Prune = new("--prune") { Description = "In the sections that the file has, delete records that the file does not name" };
    private static readonly Option<bool> ExitCode = new("--exit-code") { Description = "Exit with code 5 if there are changes" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        CommandRun.Command(host, "export", "Export scopes, APIs, groups and clients to a file. Two exports of the same configuration are identical", ExportAsync, Target),
        CommandRun.Command(host, "plan", "Show what a file would change, without changing anything", PlanAsync, Source, Prune, ExitCode),
        CommandRun.Command(host, "apply", "Change the configuration to the state in a file", ApplyAsync, Source, Prune),
    ];

    private static async Task ExportAsync(CommandRun run)
    {
        var text = ApiJson.Write((await (await run.ConnectAsync()).GetAsync(Path)).Record);
        if (run.Get(Target) is not { } file)
        {
            await run.Host.Output.WriteAsync(text);
            return;
        }
        try
        {
            await File.WriteAllTextAsync(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), run.Stopping);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Usage($"The file {file} can't be written: {e.Message}");
        }
        run.Screen.Note($"The configuration is in {file}.");
    }

    private static async Task<int> PlanAsync(CommandRun run)
    {
        var (answer, _) = await PlanAsync(run, await run.ConnectAsync());
        var changes = CountOf(answer);
        if (!run.TryPrintJson(answer))
            Tell(run, answer);
        return changes > 0 && run.Get(ExitCode) ? ExitCodes.HasChanges : ExitCodes.Done;
    }

    private static async Task ApplyAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var (plan, body) = await PlanAsync(run, api);
        if (!run.WantsJson)
            Tell(run, plan);
        if (CountOf(plan) > 0)
            await run.ConfirmAsync($"Apply {CountOf(plan)} changes to {run.ServerName}?");
        // The entity tag is that of the configuration in the plan, so that the result is exactly what the user saw.
        var answer = await api.ReplaceAsync(Path, body, plan.Record.Text("etag"), PruneOf(run));
        run.Print(answer, $"{answer.Record.Text("created")} created, {answer.Record.Text("changed")} changed, {answer.Record.Text("deleted")} deleted.");
    }

    private static async Task<(ApiAnswer Plan, byte[] Body)> PlanAsync(CommandRun run, ManageClient api)
    {
        var body = BodyOf(await run.ReadFileAsync(run.Get(Source)), run.Get(Source));
        return (await api.SendAsync($"{Path}/plan", body, "application/json", PruneOf(run)), body);
    }

    /// <summary>
    /// The file is sent unchanged, so that line numbers in messages of the server are right. Only comments, which JSON does not have, are removed.
    /// </summary>
    private static byte[] BodyOf(string text, string name)
    {
        try
        {
            using var strict = JsonDocument.Parse(text);
            return Encoding.UTF8.GetBytes(text);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetBytes(ApiJson.Write(ApiJson.ReadObject(text, name)));
        }
    }

    private static (string Name, string? Value) PruneOf(CommandRun run) => ("prune", run.Get(Prune) ? "true" : null);

    private static int CountOf(ApiAnswer plan) => (plan.Record["changes"] as JsonArray)?.Count ?? 0;

    private static void Tell(CommandRun run, ApiAnswer plan)
    {
        run.Screen.Say(CountOf(plan) == 0 ? "There is nothing to change." : plan.Record.Text("text") ?? "");
        if (CountOf(plan) > 0)
            run.Screen.Say($"{CountOf(plan)} changes: + is new, ~ changes, - is deleted.");
    }
}
