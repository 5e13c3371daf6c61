using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Where the signing keys of this machine are.</summary>
public static class LocalKeyFolder
{
    /// <summary>
    /// <c>FunctionsAuth/keys</c> in this user's folder for data of applications on this machine: it is not copied to other machines, is no
    /// part of a checkout, and survives every build. Null for a user who has no such folder.
    /// </summary>
    public static string? Default { get; } =
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? Path.Combine(data, "FunctionsAuth", "keys")
            : null;

    /// <exception cref="SettingsException">None is set, and this user has none.</exception>
    public static string Of(KeyOptions options) => options.Folder ?? Default
        ?? throw new SettingsException(["Keys:Folder must be set, such as /var/lib/functionsauth/keys, as this user has no folder for the data of applications"]);
}
