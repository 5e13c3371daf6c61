namespace FunctionsAuth.Samples.Tests.Harness;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The end of a build folder, such as <c>Debug/net10.0</c>. Samples are built in the same way as the tests.</summary>
    private static string Output { get; } = Path.GetRelativePath(Path.Combine(Root, "tests", "FunctionsAuth.Samples.Tests", "bin"), AppContext.BaseDirectory);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The folder in which a sample was built.</summary>
    public static string BuiltSample(string name) => Path.GetFullPath(PathOf("samples", name, "bin", Output));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
