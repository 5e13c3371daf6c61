using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>keys</c>: the signing keys.</summary>
internal static class KeyCommands
{
    private static readonly Argument<string> Kid = new("kid") { Description = "The kid, as keys list shows it" };
    private static readonly Option<string?> Type = TypeOption();
    private static readonly Option<bool> Force = new("--force") { Description = "Also where nothing can be signed with the key any more until a new version is made" };

    private static Option<string?> TypeOption()
    {
        var option = new Option<string?>("--type") { Description = "rsa or ec; both without it", HelpName = "type" };
        option.AcceptOnlyFromAmong("rsa", "ec");
        return option;
    }

    public static Command Create(CliHost host) => CommandRun.Group(
        "keys",
        "The signing keys",
        CommandRun.Command(host, "list", "List the versions of the keys: what each does, and what comes next", async run => Print(run, await (await run.ConnectAsync()).GetAsync("keys"))),
        CommandRun.Command(host, "rotate", "Make a new version, which signs once it was announced for long enough", RotateAsync, Type),
        CommandRun.Command(host, "disable", "Disable a version that got into wrong hands", DisableAsync, Kid, Force));

    private static async Task RotateAsync(CommandRun run) =>
        Print(run, await (await run.ConnectAsync()).PostAsync("keys/rotate", run.Get(Type) is { } type ? new JsonObject { ["type"] = type } : null));

    private static async Task DisableAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Disable the key {run.Get(Kid)}? What it signed is not good any more once clients have read the key set anew.");
        Print(run, await api.PostAsync($"keys/{ResourceKey.Of(run.Get(Kid))}/disable", run.Get(Force) ? new JsonObject { ["force"] = true } : null));
    }

    private static void Print(CommandRun run, ApiAnswer answer) => run.Print(
        answer,
        ("Key", key => key.Text("kid")),
        ("Type", key => key.Text("type")),
        ("Where", key => key.Text("store")),
        ("State", key => key.Text("state")),
        ("Since", key => Screen.MomentOf(key["since"])),
        ("Next", key => key.Text("next_state") is { } next ? $"{next} at {Screen.MomentOf(key["next_at"])}" : ""));
}
