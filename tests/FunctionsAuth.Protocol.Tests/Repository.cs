namespace FunctionsAuth.Protocol.Tests;

/// <summary>The folder of FunctionsAuth.sln, for tests that compare the code with what stands beside it.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
