using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>clients</c>: the apps that use the server.</summary>
internal static class ClientCommands
{
    private static readonly Argument<string> Id = new("client") { Description = "The client_id" };
    private static readonly Argument<string> Source = new("client") { Description = "The client_id of the new client, or a file (.json, or - for standard input) that describes it" };
    private static readonly Argument<string?> Change = new("file") { Description = "A file with the whole client, or - for standard input", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Secret = new("secret") { Description = "The id of the secret from clients secrets" };
    private static readonly Option<string?> Prefix = new("--prefix") { Description = "The beginning of the client_id", HelpName = "text" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "When the secret expires: a date, or a time span such as 90d. By default it does not expire", HelpName = "moment" };
    private static readonly Option<string?> At = new("--at") { Description = "When the secret ends: a date, or a time span such as 12h. By default it ends at once", HelpName = "moment" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "clients",
        "The apps that use the server",
        [
            CommandRun.Command(host, "list", "List clients, or find them by the beginning of their ids", ListAsync, Prefix, ListOptions.All, ListOptions.Limit),
            CommandRun.Command(host, "show", "Show a client without its secrets", async run => run.Print(await (await run.ConnectAsync()).GetAsync(PathOf(run))), Id),
            CommandRun.Command(host, "create", "Create a client from its kind and some options, or from a file", CreateAsync, [Source, .. ClientOptions.All, Members.Set]),
            CommandRun.Command(host, "edit", "Change some members of a client, or the whole client with a file", EditAsync, [Id, Change, .. ClientOptions.All, Members.Set, Members.Unset]),
            CommandRun.Command(host, "delete", "Delete a client: all its codes and tokens stop working", DeleteAsync, Id),
            CommandRun.Command(host, "usage", "Show how many users gave a client access, and when it was last used", async run => run.Print(await (await run.ConnectAsync()).GetAsync(PathOf(run) + "/usage")), Id),
            CommandRun.Command(host, "secrets", "List the secrets of a client, without the secrets themselves", async run => PrintSecrets(run, await (await run.ConnectAsync()).GetAsync(PathOf(run) + "/secrets")), Id),
            CommandRun.Command(host, "add-secret", "Create one more secret for a client and show it once", AddSecretAsync, Id, Expires),
            CommandRun.Command(host, "expire-secret", "End a secret of a client, at once or at a given time", ExpireSecretAsync, Id, Secret, At),
        ]);

    private static string PathOf(CommandRun run) => PathOf(run.Get(Id));

    private static string PathOf(string id) => $"clients/{ResourceKey.Of(id)}";

    private static async Task ListAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(),
        "clients",
        [("prefix", run.Get(Prefix))],
        ("Client", client => client.Text("client_id")),
        ("Name", client => client.Text("client_name")),
        ("Grant types", client => Screen.TextOf(client["grant_types"])),
        ("Authentication", client => client.Text("token_endpoint_auth_method")),
        ("State", client => client.Is("disabled") ? "disabled" : client.Is("self_registered") ? "registered itself" : ""));

    private static async Task CreateAsync(CommandRun run)
    {
        var source = run.Get(Source);
        var body = source == "-" || source.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? ApiJson.ReadObject(await run.ReadFileAsync(source), source)
            : new JsonObject { ["client_id"] = source };
        ClientOptions.AddTo(run, body);
        Members.AddTo(run, body);
        var id = body.Text("client_id") ?? throw CliFailure.Usage($"{source} must have a client_id.");
        var answer = await (await run.ConnectAsync()).CreateAsync(PathOf(id), body);
        run.Print(answer);
        if (!run.WantsJson && answer.Record.Text("client_secret") is not null)
            run.Screen.Note("Save the client_secret now: it is not shown again.");
    }

    private static async Task EditAsync(CommandRun run)
    {
        var patch = new JsonObject();
        ClientOptions.AddTo(run, patch);
        Members.AddTo(run, patch);
        if (run.Get(Change) is { } file)
        {
            if (patch.Count > 0)
                throw CliFailure.Usage("Name either a file or options, not both.");
            var body = ApiJson.ReadObject(await run.ReadFileAsync(file), file);
            var api = await run.ConnectAsync();
            run.Print(await api.ReplaceAsync(PathOf(run), ApiJson.Bytes(body), (await api.GetAsync(PathOf(run))).Tag));
            return;
        }
        run.Print(await (await run.ConnectAsync()).PatchAsync(PathOf(run), Members.Needed(patch)));
    }

    private static async Task DeleteAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Delete the client {run.Get(Id)}? All its codes and tokens stop working.");
        run.Print(await api.DeleteAsync(PathOf(run)), $"The client {run.Get(Id)} is deleted.");
    }

    private static async Task AddSecretAsync(CommandRun run)
    {
        var body = Moments.Ahead(run, run.Get(Expires)) is { } end ? new JsonObject { ["expires_at"] = end } : null;
        run.Print(await (await run.ConnectAsync()).PostAsync(PathOf(run) + "/secrets", body));
        if (!run.WantsJson)
            run.Screen.Note("Save the client_secret now: it is not shown again.");
    }

    private static async Task ExpireSecretAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var end = Moments.Ahead(run, run.Get(At));
        await run.ConfirmAsync($"End the secret {run.Get(Secret)} of the client {run.Get(Id)} {(end is null ? "at once" : $"at {end}")}?");
        PrintSecrets(run, await api.PostAsync($"{PathOf(run)}/secrets/{ResourceKey.Of(run.Get(Secret))}/expire", end is null ? null : new JsonObject { ["expires_at"] = end }));
    }

    private static void PrintSecrets(CommandRun run, ApiAnswer answer) =>
        run.Print(answer, ("Secret", secret => secret.Text("id")), ("Ends", secret => Screen.MomentOf(secret["expires_at"]) ?? "never"));
}
