namespace FunctionsAuth.Dev.Tools;

internal static class Repository
{
    /// <summary>The folder that this file stands in, wherever it is called from.</summary>
    public static string Root { get; } = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Keys, a certificate, Azurite and its data: of this machine, and not in git.</summary>
    public static string Local(params string[] parts)
    {
        Directory.CreateDirectory(PathOf(".local"));
        return PathOf([".local", .. parts]);
    }
}
