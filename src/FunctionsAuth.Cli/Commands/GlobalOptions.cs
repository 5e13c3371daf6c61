using System.CommandLine;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Server { get; } = new("--server") { Description = "The URL of the server. The default is FUNCTIONSAUTH_SERVER, or else the server of the last login", Recursive = true, HelpName = "url" };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print the JSON of the API instead of a table", Recursive = true };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask for confirmation", Recursive = true };
}
