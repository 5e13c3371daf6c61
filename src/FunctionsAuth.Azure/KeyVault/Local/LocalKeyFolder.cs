using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The folder of the signing keys of this machine.</summary>
public static class LocalKeyFolder
{
    /// <summary>
    /// <c>FunctionsAuth/keys</c> in this user's folder for local application data. Windows does not copy that folder to other machines, it
    /// is outside of every checkout, and no build deletes it. Null for a user who has no such folder.
    /// </summary>
    public static string? Default { get; } =
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? Path.Combine(data, "FunctionsAuth", "keys")
            : null;

    /// <summary><c>Keys:Folder</c>, or else <see cref="Default"/>.</summary>
    /// <exception cref="SettingsException">No folder is set, and this user has no default folder.</exception>
    public static string Of(KeyOptions options) => options.Folder ?? Default
        ?? throw new SettingsException(["Keys:Folder must be set, such as /var/lib/functionsauth/keys, because this user has no folder for application data"]);
}
