using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>Writes the pages of docs/reference. The test project that compares them with the code also writes them.</summary>
internal static class ReferencePages
{
    private const string Project = "tests/FunctionsAuth.Documentation.Tests";

    private static readonly string Assembly = Repository.PathOf("tests", "FunctionsAuth.Documentation.Tests", "bin", "Debug", "net10.0", "FunctionsAuth.Documentation.Tests.dll");

    public static async Task<int> WriteAsync(Arguments _, CancellationToken stopping)
    {
        await Sdk.BuildAsync(Project, stopping);
        return await Child.RunAsync(Sdk.Path, [Assembly], stopping);
    }
}
