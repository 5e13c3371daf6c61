using FunctionsAuth.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>The parts of a server on the tables of a command, for what the command found or left there.</summary>
internal static class ServerOnTables
{
    /// <summary>It logs nothing: the console is what tests of other commands read meanwhile.</summary>
    public static WebApplication Open(string storage, string prefix) => LocalServer.Build(
        new LocalServerOptions { ConnectionString = storage, Settings = new Dictionary<string, string?> { ["Storage:TablePrefix"] = prefix } },
        builder => builder.Logging.ClearProviders());
}
