using System.CommandLine;
using FunctionsAuth.Azure;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Smtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>
/// Checks whether an app in Azure would start with these settings, and whether a file can be imported there. It builds the app as in Azure without
/// starting it, and imports the file into memory. If it can read the tables of an earlier deployment, it also reports passkeys that would become
/// useless. It can also check that the mail server answers.
/// </summary>
internal static class CheckCommand
{
    private static readonly Option<string[]> Settings = SettingsOption.Create();
    private static readonly Option<FileInfo?> Import = new("--import") { Description = "An import file: docs/import.md" };

    private static readonly Option<string?> Storage = new("--storage") { Description = StorageOption.Description };

    private static readonly Option<bool> Mail = new("--mail") { Description = "Also check that the mail server answers" };

    public static Command Create()
    {
        var command = new Command("check", "Check the settings of an app in Azure") { Settings, Import, Storage, Mail };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var settings = SettingsOption.Read(arguments, Settings).ToDictionary(setting => $"{ServerOptions.Section}:{setting.Key}", setting => setting.Value);
        var services = new ServiceCollection();
        var read = AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddServer(read);
        Console.WriteLine("The settings are valid.");
        if (read.Mail.Host is not null && arguments.GetValue(Mail))
            await TellOfMailAsync(read, cancellation);
        if (arguments.GetValue(Storage) is { } storage)
            await WarnOfPasskeysAsync(services, storage, settings.GetValueOrDefault($"{ServerOptions.Section}:Storage:TablePrefix") ?? "", cancellation);
        if (arguments.GetValue(Import) is not { } file)
            return;
        var json = await Failures.ReadFileAsync(file, cancellation);
        await using var app = LocalServer.Build(new LocalServerOptions(), builder => builder.Logging.ClearProviders());
        await LocalServer.ImportAsync(app.Services, json, cancellation);
        Console.WriteLine($"{file.Name} can be imported.");
    }

    /// <summary>The mail server may be reachable from here and not from Azure, or the other way round. So a failure is only a warning.</summary>
    private static async Task TellOfMailAsync(ServerOptions settings, CancellationToken cancellation)
    {
        try
        {
            await new SmtpMailer(settings, TimeProvider.System).CheckAsync(cancellation);
            Console.WriteLine($"The mail server {settings.Mail.Host} answers.");
        }
        catch (MailException e)
        {
            Console.WriteLine($"WARNING: {settings.Mail.Host}: {e.Message}. Until this is fixed, the server cannot send mail: see docs/mail.md.");
        }
    }

    /// <summary>Nobody can sign in with a passkey that was created for another domain (docs/passkeys.md).</summary>
    private static async Task WarnOfPasskeysAsync(IServiceCollection services, string storage, string tablePrefix, CancellationToken cancellation)
    {
        await using var planned = services.BuildServiceProvider();
        if (planned.GetRequiredService<RelyingParty>().Id is not { } id)
            return;
        await using var deployed = DeployedServer.Open(storage, tablePrefix);
        var others = await deployed.Services.GetRequiredService<IPasskeyStore>().CountOthersAsync(id, cancellation);
        if (others > 0)
            Console.WriteLine($"WARNING: {others} passkeys were created for another domain than {id}, so nobody can sign in with them: see docs/passkeys.md.");
    }
}
