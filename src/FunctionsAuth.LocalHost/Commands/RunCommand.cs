using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Data.Tables;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.LocalHost.Samples;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Runs the server until it is stopped.</summary>
internal static class RunCommand
{
    private const string InMemory = "memory";

    private static readonly Option<string> Url = new("--url") { Description = "The URL to listen on, which is also the issuer", DefaultValueFactory = _ => "http://localhost:7071" };
    private static readonly Option<string?> MtlsUrl = new("--mtls-url") { Description = "A second URL, with https, on which clients are asked for their certificates" };
    private static readonly Option<string> Storage = new("--storage") { Description = $"{StorageOption.Description}; or memory for tables in memory", DefaultValueFactory = _ => InMemory };
    private static readonly Option<string?> TablePrefix = new("--table-prefix") { Description = "A prefix for the name of each table" };
    private static readonly Option<DirectoryInfo?> Keys = new("--keys") { Description = "The folder of the signing keys. The default is to keep them in memory" };
    private static readonly Option<FileInfo?> Import = new("--import") { Description = "An import file with clients and users, instead of the samples" };
    private static readonly Option<FileInfo?> Certificate = new("--cert") { Description = "The PEM file of the certificate, for https URLs" };
    private static readonly Option<FileInfo?> CertificateKey = new("--key") { Description = "The PEM file of the private key of the certificate" };
    private static readonly Option<int> StorageLatency = Milliseconds("--storage-latency", "How long each operation on tables in memory takes");
    private static readonly Option<int> SignatureLatency = Milliseconds("--signature-latency", "How long each signature takes");
    private static readonly Option<string[]> Settings = SettingsOption.Create();

    public static Command Create()
    {
        var command = new Command("run", "Serve") { Url, MtlsUrl, Storage, TablePrefix, Keys, Import, Certificate, CertificateKey, StorageLatency, SignatureLatency, Settings };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var options = Read(arguments);
        var file = arguments.GetValue(Import);
        var json = file is null ? null : await Failures.ReadFileAsync(file, cancellation);
        var storage = arguments.GetRequiredValue(Storage) is var text && text == InMemory ? null : text;
        var withSamples = json is null && SampleData.IsFor(options.Settings.GetValueOrDefault("Issuer") ?? options.Url.OriginalString, storage);
        await using var app = LocalServer.Build(
            withSamples ? options with { Settings = SampleData.AddSettings(options.Settings) } : options,
            builder => builder.OpenAccount(storage));
        var keys = app.Services.GetRequiredService<ServerOptions>().Keys;
        if (options.SignatureLatency > TimeSpan.Zero && keys.Mode == KeyOptions.Local)
            throw new UsageException($"--signature-latency cannot be used with Keys:Mode {KeyOptions.Local}: it simulates a key vault, which this mode does not use.");
        var urls = app.Services.GetRequiredService<ServerUrls>();
        IReadOnlyList<SiteAccount> accounts = withSamples ? SampleData.Accounts : [];
        var place = storage is null ? "in memory, deleted when this process ends"
            : StorageOption.IsEmulator(storage) ? "kept in Azurite"
            : $"kept in the storage account {app.Services.GetRequiredService<TableServiceClient>().AccountName}";
        var showsMail = app.Services.GetService<LocalMailbox>() is not null;
        var isPrivate = options.Url.IsLoopback && SampleData.IsFor(urls.Issuer, storage);
        app.MapSite(new SiteFacts(new Uri(urls.Issuer), place, accounts, SampleData.DemoClientId, showsMail, isPrivate));
        Task BeginAsync() => withSamples ? LocalServer.ImportSamplesAsync(app.Services, cancellation)
            : json is not null ? LocalServer.ImportAsync(app.Services, json, cancellation)
            // Shows at once whether the tables exist and can be read.
            : app.Services.GetRequiredService<IScopeStore>().LoadAsync(cancellation);
        await StartAsync(app, options, BeginAsync, cancellation);
        Announce(urls, withSamples, isPrivate, showsMail, place, keys.Mode == KeyOptions.Local ? LocalKeyFolder.Of(keys) : options.KeyFolder);
        if (app.Services.GetRequiredService<ServerOptions>() is { ClientIdMetadataDocuments: true, Registration.Mode: RegistrationOptions.Open })
            Console.WriteLine($"  Anyone may register a client at {urls.Of(Routes.Register)}, or use the URL of a metadata document as client_id: see docs/registration.md");
        if (!withSamples && json is null)
            Console.WriteLine("  There are no sample users and clients, because samples are only for localhost with tables in memory or in Azurite. Use --import.");
        await app.WaitForShutdownAsync(cancellation);
    }

    private static LocalServerOptions Read(ParseResult arguments)
    {
        if (!Uri.TryCreate(arguments.GetRequiredValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException("--url must be an http or https URL.");
        var mtls = ReadMtlsUrl(arguments.GetValue(MtlsUrl));
        var storage = arguments.GetRequiredValue(Storage);
        var settings = SettingsOption.Read(arguments, Settings);
        if (arguments.GetValue(TablePrefix) is { } prefix)
            settings["Storage:TablePrefix"] = prefix;
        return new LocalServerOptions
        {
            Url = url,
            MtlsUrl = mtls,
            ConnectionString = storage == InMemory ? null : StorageOption.ConnectionStringOf(storage),
            KeyFolder = arguments.GetValue(Keys)?.FullName,
            Certificate = ReadCertificate(mtls ?? url, arguments.GetValue(Certificate), arguments.GetValue(CertificateKey)),
            StorageLatency = TimeSpan.FromMilliseconds(arguments.GetRequiredValue(StorageLatency)),
            SignatureLatency = TimeSpan.FromMilliseconds(arguments.GetRequiredValue(SignatureLatency)),
            Settings = settings,
        };
    }

    private static Option<int> Milliseconds(string name, string description)
    {
        var option = new Option<int>(name) { Description = $"{description}, in milliseconds", DefaultValueFactory = _ => 0 };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 10_000)
                result.AddError($"{name} must be a number from 0 to 10000.");
        });
        return option;
    }

    private static Uri? ReadMtlsUrl(string? text)
    {
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : throw new UsageException("--mtls-url must be an https URL.");
    }

    private static X509Certificate2? ReadCertificate(Uri url, FileInfo? certificate, FileInfo? key)
    {
        if (url.Scheme == Uri.UriSchemeHttp && certificate is null && key is null)
            return null;
        if (certificate is null || key is null || url.Scheme == Uri.UriSchemeHttp)
            throw new UsageException("An https URL requires --cert and --key, which are PEM files. An http URL does not allow these options.");
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate.FullName, key.FullName);
            // Windows can serve TLS only with a key that was loaded from PKCS #12.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The certificate {certificate.FullName} with the key {key.FullName} can't be used: {e.Message}");
        }
    }

    private static async Task StartAsync(WebApplication app, LocalServerOptions options, Func<Task> import, CancellationToken cancellation)
    {
        try
        {
            await LocalServer.StartAsync(app, import, cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new UsageException($"Port {options.Url.Port}{(options.MtlsUrl is { } mtls ? $" or {mtls.Port}" : "")} is in use. Choose another port, or stop the program that listens there.");
        }
    }

    private static void Announce(ServerUrls urls, bool withSamples, bool isPrivate, bool showsMail, string place, string? keyFolder)
    {
        Console.WriteLine($"Ready: {urls.Issuer}");
        Console.WriteLine();
        Console.WriteLine($"  Start page {urls.Issuer}");
        if (withSamples || isPrivate)
            Console.WriteLine($"  Demo       {urls.Issuer}/demo{(withSamples ? "" : ", after you add its client on the start page")}");
        Console.WriteLine($"  Guides     {urls.Issuer}/guides/start.md");
        Console.WriteLine($"  Manage     {urls.Of(Routes.Manage)}{(withSamples ? "" : ", for members of the group of administrators: docs/manage.md")}");
        Console.WriteLine($"  Metadata   {urls.Of(Routes.OpenIdConfiguration)}");
        if (urls.AliasOf("") is { } mtls)
            Console.WriteLine($"  With certificates {mtls}");
        if (showsMail)
            Console.WriteLine($"  Mail       {urls.Issuer}/mail");
        Console.WriteLine($"  Data       {place}");
        if (keyFolder is not null)
            Console.WriteLine($"  Keys       {keyFolder}");
        Console.WriteLine();
        foreach (var line in withSamples ? SampleData.Lines : [])
            Console.WriteLine(line);
    }
}
