namespace FunctionsAuth.Documentation.Tests;

/// <summary>The files of the repository that these tests read.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "node_modules"];

    private static readonly string Root = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file, with <c>\n</c> at the ends of lines.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    /// <summary>Paths from the root, with slashes, in a fixed order. Nothing that a build or an installation wrote.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        if (!Directory.Exists(PathOf(folder)))
            return [];
        return
        [
            .. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(NotSource.Contains))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
