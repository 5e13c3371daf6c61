using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>keys</c>: the signing keys.</summary>
internal static class KeyCommands
{
    private static readonly Argument<string> Kid = new("kid") { Description = "The kid from keys list" };
    private static readonly Option<string?> Type = TypeOption();
    private static readonly Option<bool> Force = new("--force") { Description = "Disable it even if the server cannot sign with this key until a new version exists" };

    private static Option<string?> TypeOption()
    {
        var option = new Option<string?>("--type") { Description = "rsa or ec. The default is both", HelpName = "type" };
        option.AcceptOnlyFromAmong("rsa", "ec");
        return option;
    }

    public static Command Create(CliHost host) => CommandRun.Group(
        "keys",
        "The signing keys",
        CommandRun.Command(host, "list", "List the versions of the keys with their state and next change", async run => Print(run, await (await run.ConnectAsync()).GetAsync("keys"))),
        CommandRun.Command(host, "rotate", "Create a new version. It starts to sign after it has been announced for long enough", RotateAsync, Type),
        CommandRun.Command(host, "disable", "Disable a compromised version", DisableAsync, Kid, Force));

    private static async Task RotateAsync(CommandRun run) =>
        Print(run, await (await run.ConnectAsync()).PostAsync("keys/rotate", run.Get(Type) is { } type ? new JsonObject { ["type"] = type } : null));

    private static async Task DisableAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Disable the key {run.Get(Kid)}? Its signatures become invalid when clients read the key set again.");
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
