using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FunctionsAuth.WorkerHost.Worker;

/// <summary>Function apps, published as they are shipped into folders of their own: no other build is touched, and only what has changed is built again.</summary>
public static class PublishedApp
{
    /// <summary>Names the folder where it was published before, so that several suites of tests need not do it again.</summary>
    private const string Variable = "FUNCTIONSAUTH_WORKER_APP";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly Lazy<Task<string>> Published = new(() => PublishAsync("src/FunctionsAuth", "worker"));

    /// <summary>Publishes src/FunctionsAuth, unless that was done before.</summary>
    /// <returns>The folder that a Functions host would start it from.</returns>
    public static Task<string> FolderAsync() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Task.FromResult(folder) : Published.Value;

    /// <summary>Publishes a function app of this repository.</summary>
    /// <param name="project">The folder of the project.</param>
    /// <param name="name">The folder in .local that is its own.</param>
    /// <returns>The folder that a Functions host would start it from.</returns>
    public static async Task<string> PublishAsync(string project, string name)
    {
        var root = FindRoot();
        var home = Directory.CreateDirectory(Path.Combine(root, ".local", name));
        var output = Path.Combine(home.FullName, "app");
        using var turn = await TakeTurnAsync(Path.Combine(home.FullName, "lock"));
        var start = new ProcessStartInfo(
            Dotnet.Path,
            [
                "publish", Path.Combine(root, project), "--configuration", "Release", "--output", output, "--nologo", "-v", "quiet",
                $"-p:ArtifactsPath={Path.Combine(home.FullName, "build")}", "-p:OnlyMeasured=true",
                // The build of the solution analyzes the same code.
                "-p:RunAnalyzers=false",
                // Elsewhere the app is published without being compiled ahead, which does not change what it answers.
                $"-p:ForAzure={RuntimeInformation.RuntimeIdentifier == "linux-x64"}",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A build server that outlives the build would keep the pipe open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" },
        };
        using var publish = Process.Start(start)!;
        var texts = await Task.WhenAll(publish.StandardOutput.ReadToEndAsync(), publish.StandardError.ReadToEndAsync());
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? output : throw new InvalidOperationException($"The app can't be published.\n{string.Concat(texts)}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below the folder of FunctionsAuth.sln.");
    }

    /// <summary>Other suites of tests publish the same folder.</summary>
    private static async Task<FileStream> TakeTurnAsync(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(Pause);
            }
        }
    }
}

internal static class Dotnet
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
