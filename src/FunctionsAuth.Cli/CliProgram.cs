using System.CommandLine;
using System.CommandLine.Invocation;
using FunctionsAuth.Cli.Commands;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli;

/// <summary>The tool <c>functionsauth</c>.</summary>
public static class CliProgram
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host, CancellationToken stopping = default)
    {
        var parsed = Create(host).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            // If a word is wrong, a second error about a missing command is left out.
            var wrong = parsed.Errors.Where(error => parsed.UnmatchedTokens.Any(word => error.Message.Contains(word, StringComparison.Ordinal))).ToList();
            foreach (var error in wrong.Count > 0 ? wrong : parsed.Errors)
                await host.Error.WriteLineAsync(error.Message);
            await host.Error.WriteLineAsync($"Try: {CommandText.Of(parsed.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }
        var configuration = new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(configuration, stopping);
        }
        catch (CliFailure e)
        {
            foreach (var line in e.Lines.Prepend(e.Message))
                await host.Error.WriteLineAsync(PlainText.Of(line));
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create(CliHost host)
    {
        var root = new RootCommand("Manages a FunctionsAuth server.") { GlobalOptions.Server, GlobalOptions.Json, GlobalOptions.Yes };
        Command[] all =
        [
            .. SignInCommands.Create(host), UserCommands.Create(host), GroupCommands.Create(host), ClientCommands.Create(host), .. CatalogCommands.Create(host),
            TokenCommands.Create(host), KeyCommands.Create(host), AuditCommands.Create(host), StatisticsCommand.Create(host), WebhookCommands.Create(host), SettingsCommand.Create(host), .. ConfigurationCommands.Create(host), CompletionCommand.Create(host),
        ];
        foreach (var command in all)
            root.Add(command);
        return root;
    }
}
