using System.CommandLine;
using FunctionsAuth.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>The parts of the server on the tables of a deployment, for commands that read or change them. Nothing is started, and no port is opened.</summary>
internal static class DeployedServer
{
    /// <summary>It must be one of the command's options, or of a command above it.</summary>
    public static Option<string> Storage { get; } = new("--storage") { Description = StorageOption.Description, Required = true, Recursive = true };

    /// <inheritdoc cref="Storage"/>
    public static Option<string> TablePrefix { get; } = new("--table-prefix") { Description = "A prefix for the name of each table", DefaultValueFactory = _ => "", Recursive = true };

    /// <param name="withLog">Writes the log to the console.</param>
    /// <exception cref="UsageException">The value of <c>--storage</c> is not valid.</exception>
    public static WebApplication Open(ParseResult arguments, bool withLog = false) => Open(arguments.GetRequiredValue(Storage), arguments.GetRequiredValue(TablePrefix), withLog);

    /// <param name="settings">The settings of the server that the command needs.</param>
    /// <inheritdoc cref="Open(ParseResult, bool)"/>
    public static WebApplication OpenWith(Dictionary<string, string?> settings, ParseResult arguments) => Open(arguments.GetRequiredValue(Storage), arguments.GetRequiredValue(TablePrefix), settings: settings);

    /// <inheritdoc cref="Open(ParseResult, bool)"/>
    public static WebApplication Open(string storage, string tablePrefix, bool withLog = false, Dictionary<string, string?>? settings = null) => LocalServer.Build(
        new LocalServerOptions
        {
            ConnectionString = StorageOption.ConnectionStringOf(storage),
            Settings = new Dictionary<string, string?>(settings ?? []) { ["Storage:TablePrefix"] = tablePrefix },
        },
        builder =>
        {
            if (!withLog)
                builder.Logging.ClearProviders();
            builder.OpenAccount(storage);
        });
}
