namespace FunctionsAuth.Dev.Tools;

internal static class Sdk
{
    private static readonly Version Least = new(10, 0, 100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The dotnet that runs this program.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static async Task CheckAsync(CancellationToken stopping)
    {
        var version = (await Child.CaptureAsync(Path, ["--version"], stopping)).Output.Trim();
        var isPreview = version.Contains('-', StringComparison.Ordinal);
        if (!Version.TryParse(version.Split('-')[0], out var parsed) || parsed < Least || (parsed == Least && isPreview))
            throw new Problem($"This needs the .NET SDK {Least} or newer, and `dotnet --version` says {version}.");
    }

    /// <summary>
    /// Builds a project or the solution. If the build takes time, a message on standard error says so, so that standard output has only the output of the
    /// command.
    /// </summary>
    /// <param name="artifacts">The folder for all build results; null for bin/ and obj/ of each project.</param>
    public static async Task BuildAsync(string what, CancellationToken stopping, string? artifacts = null)
    {
        await CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        string[] elsewhere = artifacts is null ? [] : ["--artifacts-path", artifacts];
        var build = Child.CaptureAsync(Path, ["build", Repository.PathOf(what), "-v", "quiet", "--nologo", .. elsewhere], stopping);
        if (await Task.WhenAny(build, Task.Delay(Patience, stopping)) != build)
            await Console.Error.WriteLineAsync($"Building {what}. The first build takes some minutes, and prints nothing until it ends.");
        var (exitCode, output) = await build;
        if (exitCode != 0)
            throw new Problem($"{output}\n{what} can't be built.", exitCode: 1);
    }
}
