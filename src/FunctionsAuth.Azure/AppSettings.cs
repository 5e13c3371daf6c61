using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Azure;

/// <summary>The server's settings, and where its tables and keys are.</summary>
public sealed record AppSettings : ServerOptions
{
    public StorageOptions Storage { get; init; } = new();

    public VaultOptions Vault { get; init; } = new();

    /// <summary>Reads the section <see cref="ServerOptions.Section"/>.</summary>
    /// <exception cref="SettingsException">A setting is unknown or wrong; the message names every one.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        AppSettings settings;
        try
        {
            settings = configuration.GetSection(Section).Get<AppSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new AppSettings();
        }
        catch (InvalidOperationException e)
        {
            throw new SettingsException([Describe(e)]);
        }
        string[] problems = [.. settings.Problems()];
        return problems.Length == 0 ? settings : throw new SettingsException(problems);
    }

    /// <summary>The binder names an unknown setting at the end of a sentence about itself.</summary>
    private static string Describe(InvalidOperationException failure) =>
        failure.Message.StartsWith("'ErrorOnUnknownConfiguration'", StringComparison.Ordinal)
            ? $"There is no setting {failure.Message[(failure.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}"
            : failure.Message;
}

/// <summary>Where the tables are: a connection string, or an account that a managed identity may use.</summary>
public sealed record StorageOptions
{
    /// <summary>Such as <c>UseDevelopmentStorage=true</c>. In Azure, <see cref="AccountUri"/> needs no secret.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Such as https://myaccount.table.core.windows.net</summary>
    public Uri? AccountUri { get; init; }

    /// <summary>Stands before each table's name, so that several servers can share an account. Letters and digits.</summary>
    public string TablePrefix { get; init; } = "";
}

/// <summary>Where the signing keys are. LocalHost keeps its own in files.</summary>
public sealed record VaultOptions
{
    /// <summary>Such as https://my-vault.vault.azure.net/</summary>
    public Uri? Uri { get; init; }

    /// <summary>The client id of the user-assigned managed identity for tables and keys; without it the machine's own credential is used.</summary>
    public string? ManagedIdentityClientId { get; init; }
}

/// <summary>The app does not start: each problem names a setting and the values that it may have.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception($"The settings of {ServerOptions.Section} are wrong:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}");
