using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Wire;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Azure;

/// <summary>The server's settings, and where its tables and keys are.</summary>
public sealed record AppSettings : ServerOptions
{
    /// <summary>Variables of App Service and its Functions plans, of Flex Consumption, and of services with a managed identity.</summary>
    private static readonly string[] VariablesOfAzure = ["WEBSITE_INSTANCE_ID", "WEBSITE_SKU", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"];

    public StorageOptions Storage { get; init; } = new();

    public VaultOptions Vault { get; init; } = new();

    /// <summary>The queue. It is not in the section: see <see cref="OutboxPlace"/>.</summary>
    public OutboxPlace? Outbox { get; private init; }

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems().Concat(Storage.Problems()).Concat(Vault.Problems()))
            yield return problem;
        if (Keys.Mode == KeyOptions.Wrapped && Vault.MoreUris.Count > 0)
            yield return "Vault:MoreUris must not be set with Keys:Mode wrapped: this mode signs nothing in a vault";
        if (Keys.Mode == KeyOptions.Local && Vault.Uri is not null)
            yield return "Vault:Uri must not be set with Keys:Mode local: the keys are in files of this machine. To use keys in that vault, set Keys:Mode to vault or wrapped";
    }

    /// <summary>Reads the section <see cref="ServerOptions.Section"/>, and the variables that describe the environment of the app.</summary>
    /// <exception cref="SettingsException">Settings are unknown or wrong. The message names each of them.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        var settings = SettingsReader.Read<AppSettings>(configuration.GetSection(Section));
        string[] problems = [.. settings.Problems(), .. LocalKeysInAzure(settings.Keys, configuration)];
        if (problems.Length == 0 && LanguageSet.ProblemOf(settings) is { } wrong)
            problems = [wrong];
        return problems.Length == 0 ? settings with { Outbox = OutboxPlace.Read(configuration, settings.Storage) } : throw new SettingsException(problems);
    }

    /// <summary>
    /// In Azure, the files of an instance are deleted with it, and no other instance has them. Nobody could verify signatures made with such keys.
    /// </summary>
    private static IEnumerable<string> LocalKeysInAzure(KeyOptions keys, IConfiguration environment) =>
        from variable in VariablesOfAzure
        where keys.Mode == KeyOptions.Local && environment[variable] is { Length: > 0 }
        select $"Keys:Mode must be vault or wrapped in Azure, not local: {variable} is set, which says that the app runs in Azure";
}

/// <summary>Where the tables are: a connection string, or the URL of an account that a managed identity may use. One of the two must be set.</summary>
public sealed record StorageOptions
{
    private const int LongestPrefix = 50;

    /// <summary>The connection string of the storage account, such as <c>UseDevelopmentStorage=true</c>. In Azure, <see cref="AccountUri"/> needs no secret.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The URL of the tables of the storage account, for a managed identity, such as <c>https://myaccount.table.core.windows.net</c>.</summary>
    public Uri? AccountUri { get; init; }

    /// <summary>
    /// The server puts this text before each table's name, so that several servers can share an account. At most 50 letters and digits; the first is a
    /// letter.
    /// </summary>
    public string TablePrefix { get; init; } = "";

    internal IEnumerable<string> Problems()
    {
        if (ConnectionString is { Length: > 0 } && AccountUri is not null)
            yield return "Storage:AccountUri and Storage:ConnectionString can't both be set";
        if (AccountUri is { } account && (!account.IsAbsoluteUri || account.Scheme != Uri.UriSchemeHttps))
            yield return "Storage:AccountUri must be an https URL, such as https://myaccount.table.core.windows.net";
        if (TablePrefix.Length > 0 && !(NameText.IsMadeOf(TablePrefix, LongestPrefix, char.IsAsciiLetterOrDigit) && char.IsAsciiLetter(TablePrefix[0])))
            yield return "Storage:TablePrefix must be at most 50 letters and digits, and begin with a letter";
    }
}

/// <summary>Where the signing keys are. With <c>Keys:Mode</c> <c>local</c>, and on LocalHost, they are in files.</summary>
public sealed record VaultOptions
{
    internal const string SystemAssigned = "system";

    /// <summary>The URL of the key vault, such as <c>https://my-vault.vault.azure.net/</c>.</summary>
    public Uri? Uri { get; init; }

    /// <summary>More vaults with keys of the same names. The server spreads signatures over all vaults, and one replaces another that fails.</summary>
    public IReadOnlyList<Uri> MoreUris { get; init; } = [];

    /// <summary>
    /// The client id of the user-assigned managed identity for tables and keys, or <c>system</c> for the identity of the app. Without it, the server uses
    /// the credential of the machine, such as <c>az login</c>.
    /// </summary>
    public string? ManagedIdentityClientId { get; init; }

    internal IEnumerable<string> Problems()
    {
        var all = Uri is null ? MoreUris : [Uri, .. MoreUris];
        if (!all.All(uri => uri.IsAbsoluteUri && uri.Scheme == System.Uri.UriSchemeHttps))
            yield return "Vault:Uri and Vault:MoreUris must be https URLs, such as https://my-vault.vault.azure.net/";
        else if (all.DistinctBy(uri => uri.Host).Count() < all.Count)
            yield return "Vault:Uri and Vault:MoreUris must be different vaults";
        if (Uri is null && MoreUris.Count > 0)
            yield return "Vault:Uri must be set if Vault:MoreUris is set";
    }
}

/// <summary>The app does not start. Each problem names a setting and its allowed values.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception($"The settings of {ServerOptions.Section} are wrong:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}");
