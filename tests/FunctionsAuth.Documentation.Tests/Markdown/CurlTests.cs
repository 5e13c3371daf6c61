using System.Diagnostics;
using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;

namespace FunctionsAuth.Documentation.Tests.Markdown;

/// <summary>The first requests that a newcomer sends are sent to a server that runs as <c>dotnet dev.cs run</c> runs it.</summary>
public sealed class CurlTests
{
    private const string Origin = "http://localhost:7071";

    /// <summary>For machines without jq, which the pages use to read one member of an answer.</summary>
    private const string Jq = """
        command -v jq > /dev/null || jq() { sed -n "s/.*\"${2#.}\":\"\([^\"]*\)\".*/\1/p"; }
        """;

    public static TheoryData<string> Pages => [.. MarkdownFile.All.Select(file => file.Path).Where(path => path is "README.md" or "docs/start.md")];

    [CurlTheory]
    [MemberData(nameof(Pages))]
    public async Task The_requests_of_the_page_succeed(string path)
    {
        foreach (var (import, commands) in Parts(MarkdownFile.Of(path)))
            await RunAsync(path, import, commands);
    }

    /// <summary>The requests of a page. Those behind an import file go to a server that has it instead of the samples.</summary>
    private static IEnumerable<(string? Import, IReadOnlyList<string> Commands)> Parts(MarkdownFile page)
    {
        string? import = null;
        List<string> commands = [];
        foreach (var block in page.CodeBlocks)
        {
            if (CodeBlockTests.IsImportFile(block))
            {
                if (commands.Count > 0)
                    yield return (import, commands);
                (import, commands) = (block.Text, []);
            }
            else if (block.Language is "" or "bash" or "sh" or "shell" or "console")
                commands.AddRange(ShellLine.Commands(block.Text).Where(command => command.Contains("curl ", StringComparison.Ordinal) && command.Contains(Origin, StringComparison.Ordinal)));
        }
        if (commands.Count > 0)
            yield return (import, commands);
    }

    private static async Task RunAsync(string path, string? import, IReadOnlyList<string> commands)
    {
        var url = $"http://localhost:{FreePort.Find()}";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, import);
        using var server = Start("dotnet", [typeof(LocalServer).Assembly.Location, "run", "--url", url, .. import is null ? (string[])[] : ["--import", file]]);
        try
        {
            await ReadyAsync(server);
            var script = $"set -eo pipefail\n{Jq}\ncurl() {{ command curl --fail-with-body --silent --show-error \"$@\"; }}\n{string.Join('\n', commands)}".Replace(Origin, url, StringComparison.Ordinal);
            using var shell = Start("bash", ["-c", script]);
            var output = shell.StandardOutput.ReadToEndAsync();
            var error = shell.StandardError.ReadToEndAsync();
            await shell.WaitForExitAsync();
            Assert.True(shell.ExitCode == 0, $"{path}: {await error}{await output}");
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            File.Delete(file);
        }
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Waits until the server says that it is ready, and keeps its output from filling the pipes.</summary>
    private static async Task ReadyAsync(Process server)
    {
        var error = server.StandardError.ReadToEndAsync();
        List<string> lines = [];
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            {
                _ = server.StandardOutput.ReadToEndAsync();
                return;
            }
            lines.Add(line);
        }
        Assert.Fail($"The server ended: {string.Join('\n', lines)}{await error}");
    }
}

/// <summary>Skipped on a machine without curl and bash.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CurlTheoryAttribute : TheoryAttribute
{
    public CurlTheoryAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in (string[])["curl", "bash"])
        {
            if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
                Skip = $"{program} is not installed on this machine";
        }
    }
}
