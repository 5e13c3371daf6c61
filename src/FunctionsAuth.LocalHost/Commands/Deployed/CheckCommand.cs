using System.CommandLine;
using FunctionsAuth.Azure;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>
/// Says whether an app in Azure would start with these settings, and whether a file can be imported there: the app is composed as
/// there and not started, and the file is imported into memory.
/// </summary>
internal static class CheckCommand
{
    private static readonly Option<string[]> Settings = SettingsOption.Create();
    private static readonly Option<FileInfo?> Import = new("--import") { Description = "An import file: docs/import.md" };

    public static Command Create()
    {
        var command = new Command("check", "Check the settings of an app in Azure") { Settings, Import };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var settings = SettingsOption.Read(arguments, Settings).ToDictionary(setting => $"{ServerOptions.Section}:{setting.Key}", setting => setting.Value);
        new ServiceCollection().AddServer(AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Console.WriteLine("The settings are good.");
        if (arguments.GetValue(Import) is not { } file)
            return;
        var json = await Failures.ReadFileAsync(file, cancellation);
        await using var app = LocalServer.Build(new LocalServerOptions(), builder => builder.Logging.ClearProviders());
        await LocalServer.ImportAsync(app.Services, json, cancellation);
        Console.WriteLine($"{file.Name} can be imported.");
    }
}
