namespace FunctionsAuth.Dev.Tools;

internal static class Repository
{
    /// <summary>The root of the repository, from wherever the program is called.</summary>
    public static string Root { get; } = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The folder for keys, a certificate, Azurite and its data. It belongs to this machine and is not in git.</summary>
    public static string Local(params string[] parts)
    {
        Directory.CreateDirectory(PathOf(".local"));
        return PathOf([".local", .. parts]);
    }
}
