using System.CommandLine;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.LocalHost.Samples;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Writes an import file into a storage account.</summary>
internal static class ImportCommand
{
    private static readonly Argument<FileInfo?> File = new("file") { Description = "The import file: docs/import.md", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Samples = new("--samples") { Description = "Import the sample clients and users for a server with this issuer, instead of a file" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until a role that was just assigned takes effect" };

    public static Command Create()
    {
        var command = new Command("import", "Import clients, scopes, resources and users") { File, Samples, DeployedServer.Storage, DeployedServer.TablePrefix, Wait };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var storage = arguments.GetRequiredValue(DeployedServer.Storage);
        var issuer = arguments.GetValue(Samples);
        var json = (arguments.GetValue(File), issuer) switch
        {
            ({ } file, null) => await Failures.ReadFileAsync(file, cancellation),
            (null, { }) => SampleData.IsFor(issuer, storage) ? SampleData.Json(issuer) : throw new UsageException(
                "The passwords of the samples are public, so the samples are only for an issuer on localhost with its data in Azurite."),
            _ => throw new UsageException("Name either an import file or --samples with an issuer, not both."),
        };
        await using var app = DeployedServer.Open(arguments, withLog: true);
        Console.WriteLine(await RoleWait.RunAsync(arguments.GetValue(Wait), () => LocalServer.ImportAsync(app.Services, json, cancellation), cancellation));
        foreach (var line in issuer is null ? [] : SampleData.Lines)
            Console.WriteLine(line);
    }
}
