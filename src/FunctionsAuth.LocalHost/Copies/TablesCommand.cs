using System.CommandLine;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Local;
using FunctionsAuth.LocalHost.Commands;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.Protocol.Indexes;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Copies;

/// <summary>Saves the tables to a file, and restores them: docs/operations.md explains when.</summary>
internal static class TablesCommand
{
    private static readonly Argument<FileInfo> Copy = new("file") { Description = "The file of the copy" };

    public static Command Create()
    {
        var save = new Command("save", "Save clients, scopes, users, consents and secrets to a file") { Copy };
        save.SetAction((arguments, cancellation) => TellAsync(arguments, (_, tables, file) => SaveAsync(tables, file, cancellation)));
        var restore = new Command("restore", "Write the rows of a copy that are missing in the tables") { Copy };
        restore.SetAction((arguments, cancellation) => TellAsync(arguments, (services, tables, file) => RestoreAsync(services, tables, file, cancellation)));
        return new Command("tables", "Copies of the tables") { DeployedServer.Storage, DeployedServer.TablePrefix, save, restore };
    }

    private static Task<int> TellAsync(ParseResult arguments, Func<IServiceProvider, TableCopy, FileInfo, Task> action) => Failures.TellAsync(async () =>
    {
        await using var app = DeployedServer.Open(arguments);
        await action(app.Services, new TableCopy(app.Services.GetRequiredService<TableServiceClient>(), arguments.GetRequiredValue(DeployedServer.TablePrefix)), arguments.GetRequiredValue(Copy));
    });

    private static async Task SaveAsync(TableCopy tables, FileInfo file, CancellationToken cancellation)
    {
        try
        {
            // It never replaces a file.
            await using var writer = PrivateFile.CreateText(file.FullName);
            try
            {
                var count = await tables.SaveAsync(writer, cancellation);
                Console.WriteLine($"{count} rows were saved. The file contains hashes of passwords and secrets: protect it accordingly.");
            }
            catch
            {
                file.Delete();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.FullName} can't be written: {e.Message}");
        }
    }

    private static async Task RestoreAsync(IServiceProvider services, TableCopy tables, FileInfo file, CancellationToken cancellation)
    {
        if (!file.Exists)
            throw new UsageException($"There is no file {file.FullName}.");
        var (written, kept) = await tables.RestoreAsync(file, cancellation);
        // A copy has no indexes, because they could differ from its users.
        await services.GetRequiredService<IndexBackfill>().RebuildAsync(cancellation);
        Console.WriteLine($"{written} rows were written. {kept} rows existed already and were not changed.");
    }
}
