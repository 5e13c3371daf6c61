using System.CommandLine;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Hosting;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Writes an import file into a storage account.</summary>
internal static class ImportCommand
{
    private static readonly Argument<FileInfo> File = new("file") { Description = "The import file: docs/import.md" };
    private static readonly Option<string> Storage = new("--storage") { Description = StorageOption.Description, Required = true };
    private static readonly Option<string> TablePrefix = new("--table-prefix") { Description = "Stands before each table's name", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Waits for a role that was assigned a moment ago" };

    public static Command Create()
    {
        var command = new Command("import", "Import clients, scopes, resources and users") { File, Storage, TablePrefix, Wait };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var json = await Failures.ReadFileAsync(arguments.GetRequiredValue(File), cancellation);
        var storage = arguments.GetRequiredValue(Storage);
        await using var app = LocalServer.Build(
            new LocalServerOptions
            {
                ConnectionString = StorageOption.ConnectionStringOf(storage),
                Settings = new Dictionary<string, string?> { ["Storage:TablePrefix"] = arguments.GetRequiredValue(TablePrefix) },
            },
            builder => builder.OpenAccount(storage));
        Console.WriteLine(await RoleWait.RunAsync(arguments.GetValue(Wait), () => LocalServer.ImportAsync(app.Services, json, cancellation), cancellation));
    }
}
