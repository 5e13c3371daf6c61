using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.WorkerHost.Hosting;
using FunctionsAuth.WorkerHost.Worker;

namespace FunctionsAuth.WorkerHost;

/// <summary>
/// Serves with the real worker until it is told to stop. Options and output are those of LocalHost's <c>run</c>, so that whatever
/// starts the one can start the other.
/// </summary>
internal static class CommandLine
{
    private static readonly Option<string> Url = new("--url") { Description = "The URL to listen on, which is also the issuer", Required = true };
    private static readonly Option<string> Storage = new("--storage") { Description = "A connection string", Required = true };
    private static readonly Option<string?> TablePrefix = new("--table-prefix") { Description = "A prefix for the name of each table" };
    private static readonly Option<DirectoryInfo> Keys = new("--keys") { Description = "The folder of the signing keys", Required = true };
    private static readonly Option<FileInfo?> Import = new("--import") { Description = "An import file with clients and users, instead of the samples" };
    private static readonly Option<FileInfo?> Certificate = new("--cert") { Description = "A PEM file, for an https URL" };
    private static readonly Option<FileInfo?> CertificateKey = new("--key") { Description = "The PEM file of the private key of the certificate" };
    private static readonly Option<string[]> Settings = new("--set") { Description = "A setting of the server: Name=value. Can be repeated", DefaultValueFactory = _ => [] };

    public static RootCommand Create()
    {
        var run = new Command("run", "Serve") { Url, Storage, TablePrefix, Keys, Import, Certificate, CertificateKey, Settings };
        run.SetAction(RunAsync);
        var publish = new Command("publish", "Publish the app, and print the folder");
        publish.SetAction(async _ => Console.WriteLine(await PublishedApp.FolderAsync()));
        return new RootCommand("The published app in its own process, under what a Functions host is to it.") { run, publish };
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken stopping)
    {
        var settings = arguments.GetRequiredValue(Settings).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        if (arguments.GetValue(TablePrefix) is { } prefix)
            settings["Storage:TablePrefix"] = prefix;
        var options = new LocalServerOptions
        {
            Url = new Uri(arguments.GetRequiredValue(Url)),
            ConnectionString = arguments.GetRequiredValue(Storage),
            KeyFolder = arguments.GetRequiredValue(Keys).FullName,
            Certificate = arguments.GetValue(Certificate) is { } pem ? X509Certificate2.CreateFromPemFile(pem.FullName, arguments.GetValue(CertificateKey)?.FullName) : null,
            Settings = settings,
        };
        var import = arguments.GetValue(Import) is { } file ? await File.ReadAllTextAsync(file.FullName, stopping) : null;
        await using var host = await FunctionsHost.StartAsync(options, import);
        await host.WarmUpAsync(new Uri(options.Url, "health"));
        Console.WriteLine($"Ready: {options.Url.OriginalString}");
        // Whatever ends the worker ends the host, too, as nobody starts another one here.
        await Task.WhenAny(host.Exit, Task.Delay(Timeout.Infinite, stopping));
    }
}
