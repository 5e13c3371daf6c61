using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>tokens</c>: initial access tokens, with which others register clients.</summary>
internal static class TokenCommands
{
    private static readonly Argument<string> Id = new("id") { Description = "The id, as tokens list shows it" };
    private static readonly Option<string?> Label = new("--label") { Description = "For whom it is", HelpName = "text" };
    private static readonly Option<int?> Uses = new("--uses") { Description = "How many clients may be registered with it; 1 without it", HelpName = "n" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "When it ends: a date, or a span such as 7d; in a day without it", HelpName = "moment" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "tokens",
        "Initial access tokens, with which others register clients",
        CommandRun.Command(host, "list", "List them, without the tokens themselves", ListAsync, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "create", "Make one, and show it this once", CreateAsync, Label, Uses, Expires),
        CommandRun.Command(host, "revoke", "End one: clients that were registered with it stay", RevokeAsync, Id));

    private static async Task ListAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(),
        "initial_access_tokens",
        [],
        ("Token", token => token.Text("id")),
        ("For", token => token.Text("label")),
        ("Used", token => $"{token.Text("used")} of {token.Text("uses")}"),
        ("Ends", token => Screen.MomentOf(token["expires_at"])));

    private static async Task CreateAsync(CommandRun run)
    {
        var body = new JsonObject();
        if (run.Get(Label) is { } label)
            body["label"] = label;
        if (run.Get(Uses) is { } uses)
            body["uses"] = uses;
        if (Moments.Ahead(run, run.Get(Expires)) is { } end)
            body["expires_at"] = end;
        run.Print(await (await run.ConnectAsync()).PostAsync("initial_access_tokens", body));
        if (!run.WantsJson)
            run.Screen.Note("Keep the token now: nobody is shown it again.");
    }

    private static async Task RevokeAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"End the initial access token {run.Get(Id)}?");
        run.Print(await api.PostAsync($"initial_access_tokens/{ResourceKey.Of(run.Get(Id))}/revoke"), "The token is ended.");
    }
}
