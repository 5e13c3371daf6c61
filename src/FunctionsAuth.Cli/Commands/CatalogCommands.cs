using System.CommandLine;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>scopes</c>, <c>resources</c> and <c>authorization-details-types</c>: the scopes and APIs of tokens.</summary>
internal static class CatalogCommands
{
    private static readonly Option<string?> DisplayName = new("--display-name") { Description = "The name that users see on the consent page", HelpName = "text" };
    private static readonly Option<string[]> Scope = new("--scope") { Description = "A scope of the API", HelpName = "name" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Create(host, new Kind("scopes", "scopes", "name", "scope", "Scopes that clients can request"), DisplayName),
        Create(host, new Kind("resources", "resources", "identifier", "API", "APIs for which the server issues tokens"), DisplayName, Scope),
        Create(host, new Kind("authorization-details-types", "authorization_details_types", "type", "type", "Types of authorization details (RFC 9396)")),
    ];

    private static Command Create(CliHost host, Kind kind, params Symbol[] options)
    {
        var name = new Argument<string>(kind.Key) { Description = $"The {kind.Key} of the {kind.Word}" };
        var source = new Argument<string>(kind.Key) { Description = $"The {kind.Key} of the {kind.Word}, or a file (.json, or - for standard input) with the whole record" };
        return CommandRun.Group(
            kind.Name,
            kind.Description,
            CommandRun.Command(host, "list", "List all of them", run => ListAsync(run, kind)),
            CommandRun.Command(host, "show", $"Show one {kind.Word}", async run => run.Print(await (await run.ConnectAsync()).GetAsync(kind.PathOf(run.Get(name)))), name),
            CommandRun.Command(host, "apply", $"Create or change one {kind.Word}", run => ApplyAsync(run, kind, run.Get(source)), [source, .. options, Members.Set, Members.Unset]),
            CommandRun.Command(host, "delete", $"Delete one {kind.Word}", run => DeleteAsync(run, kind, run.Get(name)), name));
    }

    private static async Task ListAsync(CommandRun run, Kind kind) => run.Print(
        await (await run.ConnectAsync()).GetAsync(kind.Section),
        (char.ToUpperInvariant(kind.Key[0]) + kind.Key[1..], record => record.Text(kind.Key)),
        ("Name", record => record.Text("display_name") ?? record.Text("title")),
        ("Scopes", record => Screen.TextOf(record["scopes"])));

    private static async Task ApplyAsync(CommandRun run, Kind kind, string source)
    {
        var isFile = source == "-" || source.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var body = isFile ? ApiJson.ReadObject(await run.ReadFileAsync(source), source) : [];
        if (run.Get(DisplayName) is { } text)
            body["display_name"] = text;
        if (run.Get(Scope) is { Length: > 0 } scopes)
            body["scopes"] = Members.ListOf(scopes);
        Members.AddTo(run, body);
        var name = isFile ? body.Text(kind.Key) ?? throw CliFailure.Usage($"{source} must have the member {kind.Key}.") : source;
        var api = await run.ConnectAsync();
        var stored = await api.FindAsync(kind.PathOf(name));
        run.Print(stored is null ? await api.CreateAsync(kind.PathOf(name), body)
            : isFile ? await api.ReplaceAsync(kind.PathOf(name), ApiJson.Bytes(body), stored.Tag)
            : await api.PatchAsync(kind.PathOf(name), Members.Needed(body)));
    }

    private static async Task DeleteAsync(CommandRun run, Kind kind, string name)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Delete the {kind.Word} {name}? Clients that name it no longer get it.");
        run.Print(await api.DeleteAsync(kind.PathOf(name)), $"The {kind.Word} {name} is deleted.");
    }

    /// <param name="Key">The member with the name of the record.</param>
    private sealed record Kind(string Name, string Section, string Key, string Word, string Description)
    {
        public string PathOf(string name) => $"{Section}/{ResourceKey.Of(name)}";
    }
}
