using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.SignIn;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary>One run of a command: its arguments, and the parts of the machine that it uses.</summary>
internal sealed class CommandRun(ParseResult arguments, CliHost host, CancellationToken stopping)
{
    public CliHost Host => host;

    public CancellationToken Stopping => stopping;

    public Screen Screen { get; } = new(host);

    public HttpExchange Exchange { get; } = new(host);

    public SignInFile SignIns { get; } = new(host.Folder);

    public bool WantsJson => arguments.GetValue(GlobalOptions.Json);

    public bool WasGiven(Symbol symbol) => arguments.GetResult(symbol) is { Tokens.Count: > 0 };

    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    public T Get<T>(Argument<T> argument) => arguments.GetValue(argument)!;

    /// <summary>A command with its action.</summary>
    public static Command Command(CliHost host, string name, string description, Func<CommandRun, Task> run, params Symbol[] symbols) => Command(
        host,
        name,
        description,
        async one =>
        {
            await run(one);
            return ExitCodes.Done;
        },
        symbols);

    /// <summary>The same for a command with several exit codes.</summary>
    public static Command Command(CliHost host, string name, string description, Func<CommandRun, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        command.SetAction((parsed, stopping) => run(new CommandRun(parsed, host, stopping)));
        return command;
    }

    /// <summary>A command that only has subcommands.</summary>
    public static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }

    /// <summary>The server from the command line, the environment or the last login; null if there is none.</summary>
    public string? ServerName => arguments.GetValue(GlobalOptions.Server) ?? host.Variable("FUNCTIONSAUTH_SERVER") ?? SignIns.Read().Last;

    /// <summary>The management API of that server, signed in.</summary>
    /// <exception cref="CliFailure">Nobody is signed in there.</exception>
    public async Task<ManageClient> ConnectAsync() => new(Exchange, await SignedInAsync(), stopping);

    public async Task<Tokens> SignedInAsync()
    {
        var name = ServerName ?? throw CliFailure.NotSignedIn($"Sign in first: {CommandText.Tool} login URL.");
        // The secret is only for the server that the environment names together with it.
        if (host.Variable("FUNCTIONSAUTH_CLIENT_ID") is { Length: > 0 } id && host.Variable("FUNCTIONSAUTH_CLIENT_SECRET") is { Length: > 0 } secret
            && host.Variable("FUNCTIONSAUTH_SERVER") is { Length: > 0 } own && ServerMetadata.IssuerOf(own) == ServerMetadata.IssuerOf(name))
            return new Tokens(Exchange, await Tokens.OfClientAsync(Exchange, await ServerMetadata.ReadAsync(Exchange, name, stopping), id, secret, null, stopping), null);
        return Kept(name);
    }

    /// <summary>The stored sign-in for a server.</summary>
    /// <exception cref="CliFailure">There is none.</exception>
    public Tokens Kept(string name)
    {
        var issuer = ServerMetadata.IssuerOf(name);
        var kept = SignIns.Read().Servers.Values.FirstOrDefault(one => one.Issuer.TrimEnd('/') == issuer)
            ?? throw CliFailure.NotSignedIn($"You are not signed in at {issuer}: {CommandText.Tool} login {issuer}.");
        return new Tokens(Exchange, kept, SignIns);
    }

    /// <summary>Asks for confirmation before something is lost.</summary>
    /// <param name="what">The whole question, with the name of the thing.</param>
    /// <exception cref="CliFailure">The answer is not yes, or there is nobody to ask.</exception>
    public async Task ConfirmAsync(string what)
    {
        if (arguments.GetValue(GlobalOptions.Yes))
            return;
        if (!host.IsInteractive)
            throw CliFailure.Usage($"{what} This command cannot ask here. Run it with --yes to confirm.");
        await host.Output.WriteAsync($"{PlainText.Of(what)} [y/N] ");
        if ((await host.Input.ReadLineAsync(stopping))?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw CliFailure.Usage("Nothing was changed.");
    }

    /// <summary>One line of standard input, such as a password.</summary>
    public async Task<string> ReadLineAsync(string what) =>
        await host.Input.ReadLineAsync(stopping) is { Length: > 0 } line ? line : throw CliFailure.Usage($"Standard input must have {what} in its first line.");

    /// <param name="name">A file, or - for standard input.</param>
    public async Task<string> ReadFileAsync(string name)
    {
        try
        {
            return name == "-" ? await host.Input.ReadToEndAsync(stopping) : await File.ReadAllTextAsync(name, Encoding.UTF8, stopping);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Usage($"The file {name} can't be read: {e.Message}");
        }
    }

    /// <summary>Prints the API's JSON if it was requested.</summary>
    public bool TryPrintJson(ApiAnswer answer)
    {
        if (WantsJson && answer.Body.Length > 0)
            host.Output.WriteLine(answer.Body);
        return WantsJson;
    }

    /// <summary>Prints a list, as JSON or as a table.</summary>
    public void Print(ApiAnswer answer, params (string Title, Func<JsonNode, string?> Text)[] columns)
    {
        if (!TryPrintJson(answer))
            Screen.List(answer.Json.Items(), columns);
    }

    /// <summary>Prints a record, as JSON or with one member per line.</summary>
    public void Print(ApiAnswer answer)
    {
        if (!TryPrintJson(answer) && answer.Body.Length > 0)
            Screen.Show(answer.Record);
    }

    /// <summary>Prints the result of an action, as JSON or as a sentence.</summary>
    public void Print(ApiAnswer answer, string sentence)
    {
        if (!TryPrintJson(answer))
            Screen.Say(sentence);
    }
}
