using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>tokens</c>: initial access tokens, which allow the registration of clients.</summary>
internal static class TokenCommands
{
    private static readonly Argument<string> Id = new("id") { Description = "The id from tokens list" };
    private static readonly Option<string?> Label = new("--label") { Description = "A note about the purpose of the token", HelpName = "text" };
    private static readonly Option<int?> Uses = new("--uses") { Description = "The number of clients that can be registered with it. The default is 1", HelpName = "n" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "When it expires: a date, or a time span such as 7d. The default is one day", HelpName = "moment" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "tokens",
        "Initial access tokens, which allow the registration of clients",
        CommandRun.Command(host, "list", "List the initial access tokens, without the tokens themselves", ListAsync, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "create", "Create an initial access token and show it once", CreateAsync, Label, Uses, Expires),
        CommandRun.Command(host, "revoke", "Revoke an initial access token. Clients that were registered with it are kept", RevokeAsync, Id));

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
            run.Screen.Note("Save the token now: it is not shown again.");
    }

    private static async Task RevokeAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Revoke the initial access token {run.Get(Id)}?");
        run.Print(await api.PostAsync($"initial_access_tokens/{ResourceKey.Of(run.Get(Id))}/revoke"), "The token is revoked.");
    }
}
