using System.CommandLine;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Shows the signing keys of this machine or of key vaults, creates new versions and disables versions.</summary>
internal static class KeysCommand
{
    private static readonly Option<DirectoryInfo?> Folder = new("--keys") { Description = "The folder of the signing keys of LocalHost", Recursive = true };
    private static readonly Option<string[]> Vaults = new("--vault") { Description = "The URL of a key vault, which is opened with your own credential (az login), instead of --keys", DefaultValueFactory = _ => [], Recursive = true };
    private static readonly Option<string?> Storage = new("--storage") { Description = "The storage account of wrapped keys: a connection string or an https URL", Recursive = true };
    private static readonly Option<string?> TablePrefix = new("--table-prefix") { Description = "A prefix for the name of each table", Recursive = true };
    private static readonly Option<string[]> Settings = SettingsOption.Create(recursive: true);
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for scripts" };
    private static readonly Argument<string?> Type = new("type") { Description = "rsa or ec. The default is both", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Kid = new("kid") { Description = "The kid of the key version" };
    private static readonly Option<bool> Force = new("--force") { Description = "Disable it even if the server cannot sign without it" };

    public static Command Create()
    {
        var rotate = new Command("rotate", "Create a new key version now") { Type };
        rotate.SetAction((arguments, cancellation) => TellAsync(arguments, keys => new KeyChanges(keys, Console.Out).RotateAsync(ReadTypes(arguments), cancellation)));
        var disable = new Command("disable", "Disable a key version now") { Kid, Force };
        disable.SetAction((arguments, cancellation) => TellAsync(
            arguments, keys => new KeyChanges(keys, Console.Out).DisableAsync(arguments.GetRequiredValue(Kid), arguments.GetValue(Force), cancellation)));
        var command = new Command("keys", "Show the signing keys") { Folder, Vaults, Storage, TablePrefix, Settings, Json, rotate, disable };
        command.SetAction((arguments, cancellation) => TellAsync(arguments, async keys =>
        {
            var overview = await KeyOverview.ReadAsync(keys, cancellation);
            Console.WriteLine(arguments.GetValue(Json) ? overview.ToJson() : overview.ToText());
        }));
        return command;
    }

    private static Task<int> TellAsync(ParseResult arguments, Func<OperatorKeys, Task> action) => Failures.TellAsync(async () =>
    {
        var storage = arguments.GetValue(Storage);
        // Nothing is started: no port is opened, and no missing key is created.
        await using var app = LocalServer.Build(Read(arguments, storage), builder =>
        {
            builder.Logging.ClearProviders();
            builder.OpenAccount(storage);
        });
        var options = app.Services.GetRequiredService<ServerOptions>();
        if (options.Keys.Modes.Contains(KeyOptions.Wrapped) != storage is not null)
            throw new UsageException(storage is null
                ? $"With Keys:Mode {options.Keys.Mode} the keys are in a table. Name its storage account with --storage."
                : $"--storage is for keys in a table, which Keys:Mode {options.Keys.Mode} does not use. Add --set Keys:Mode={KeyOptions.Wrapped}.");
        await action(new OperatorKeys(app.Services.GetRequiredService<IReadOnlyList<IKeyStore>>(), options, app.Services.GetRequiredService<TimeProvider>()));
    });

    private static LocalServerOptions Read(ParseResult arguments, string? storage)
    {
        var folder = arguments.GetValue(Folder);
        var vaults = arguments.GetRequiredValue(Vaults);
        var settings = SettingsOption.Read(arguments, Settings);
        var isLocal = settings.GetValueOrDefault("Keys:Mode") == KeyOptions.Local;
        if (folder is null == (vaults.Length == 0) && !(isLocal && folder is null))
            throw new UsageException("Name the place of the keys: either a folder with --keys or the URL of a key vault with --vault.");
        if (arguments.GetValue(TablePrefix) is { } prefix)
            settings["Storage:TablePrefix"] = prefix;
        return new LocalServerOptions
        {
            KeyFolder = folder?.FullName,
            Vaults = [.. vaults.Select(AddressOf)],
            ConnectionString = StorageOption.ConnectionStringOf(storage),
            Settings = settings,
        };
    }

    private static Uri AddressOf(string vault) =>
        Uri.TryCreate(vault, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/"
            ? address
            : throw new UsageException($"--vault must be the URL of a key vault, such as https://my-vault.vault.azure.net/; it is {vault}.");

    private static SigningKeyType[] ReadTypes(ParseResult arguments)
    {
        var types = Enum.GetValues<SigningKeyType>();
        if (arguments.GetValue(Type) is not { } named)
            return types;
        types = Array.FindAll(types, type => KeyText.OptionOf(type) == named);
        return types.Length > 0 ? types : throw new UsageException($"There is no {named} key. Use rotate rsa, rotate ec, or rotate alone for both.");
    }
}
