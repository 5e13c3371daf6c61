using System.Runtime.InteropServices;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>Publishes bench/ in the same way as the product: compiled ahead of time, for this machine.</summary>
internal static class Bench
{
    private static readonly string Peers = Repository.PathOf("bench", "peers");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        await Sdk.CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        var output = Repository.Local("bench");
        var publish = await Child.CaptureAsync(
            Sdk.Path,
            [
                "publish", Repository.PathOf("bench", "FunctionsAuth.Bench"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-p:ForAzure=false", "-v", "quiet", "--nologo", "-o", output,
            ],
            stopping);
        if (publish.ExitCode != 0)
            throw new Problem($"{publish.Output}\nbench can't be published.", exitCode: 1);
        var program = Path.Combine(output, "FunctionsAuth.Bench.dll");
        if (arguments.Has("--micro"))
            return await Child.RunAsync(Sdk.Path, [program, "micro"], stopping);
        if (arguments.Has("--baseline") || arguments.Has("--compare"))
            return await Child.RunAsync(Sdk.Path, [program, "baseline", "--file", Repository.PathOf("bench", "baseline.json"), .. arguments.Has("--baseline") ? (string[])["--write"] : []], stopping);

        List<string> command = [program, "all", "--notes", Repository.PathOf("bench", "notes.md")];
        command.AddRange(["--file", arguments.Has("--quick") ? Repository.Local("BENCHMARKS.md") : Repository.PathOf("BENCHMARKS.md")]);
        if (arguments.Has("--quick"))
            command.Add("--quick");
        if (Programs.Find("node") is not null && Programs.Find("npm") is { } npm)
        {
            await InstallPeersAsync(npm, stopping);
            await PublishPeerAsync(stopping);
            command.AddRange(["--peers", Peers, "--storage", await Azurite.StartForTestsAsync(stopping)]);
        }
        else
        {
            Console.WriteLine("Without peers and the start of the worker, because Node.js or npm is not on the PATH.");
        }
        return await Child.RunAsync(Sdk.Path, command, stopping);
    }

    private static async Task InstallPeersAsync(string npm, CancellationToken stopping)
    {
        foreach (var peer in Directory.EnumerateDirectories(Peers).Where(folder => File.Exists(Path.Combine(folder, "package.json"))))
        {
            if ((await Child.CaptureAsync(npm, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], stopping, peer)).ExitCode != 0)
                Console.WriteLine($"Without {Path.GetFileName(peer)}: its package can't be installed.");
        }
    }

    /// <summary>Publishes OpenIddict, compiled ahead of time like the product.</summary>
    private static async Task PublishPeerAsync(CancellationToken stopping)
    {
        var folder = Path.Combine(Peers, "openiddict");
        var publish = await Child.CaptureAsync(
            Sdk.Path,
            [
                "publish", folder, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
                "-v", "quiet", "--nologo", "-o", Path.Combine(folder, "bin", "published"),
            ],
            stopping);
        if (publish.ExitCode != 0)
            Console.WriteLine("Without OpenIddict: its packages can't be restored, or it can't be published.");
    }
}
