using System.IO.Compression;
using System.Xml.Linq;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>Makes two zip files for operators without the .NET SDK: the app, and the files for deploying it and for importing clients and users.</summary>
internal static class Release
{
    private static readonly string Artifacts = Repository.Local("package");

    public static async Task<int> PackageAsync(Arguments arguments, CancellationToken stopping)
    {
        await Sdk.CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        if (Directory.Exists(Artifacts))
            Directory.Delete(Artifacts, recursive: true);
        var (app, tools) = (Path.Combine(Artifacts, "app"), Path.Combine(Artifacts, "tools"));
        await PublishAsync("src/FunctionsAuth", app, [], stopping);
        await PublishAsync(LocalHost.Project, Path.Combine(tools, "tools"), ["-p:ForAzure=false", "-p:SatelliteResourceLanguages=en"], stopping);
        foreach (var file in Directory.GetFiles(Repository.PathOf("infra"), "*", SearchOption.AllDirectories))
            Copy(file, Path.Combine(tools, Path.GetRelativePath(Repository.Root, file)));
        Copy(Repository.PathOf("LICENSE"), Path.Combine(tools, "LICENSE"));

        var folder = Path.GetFullPath(arguments["--output"] ?? Repository.PathOf("artifacts"));
        Directory.CreateDirectory(folder);
        Zip(app, Path.Combine(folder, $"functionsauth-{Version()}.zip"));
        Zip(tools, Path.Combine(folder, $"functionsauth-{Version()}-tools.zip"));
        return 0;
    }

    private static async Task PublishAsync(string project, string output, string[] options, CancellationToken stopping)
    {
        Console.WriteLine($"Publishing {project}.");
        var publish = await Child.CaptureAsync(
            Sdk.Path, ["publish", Repository.PathOf(project), "-c", "Release", "-o", output, "-v", "quiet", "--nologo", "--artifacts-path", Path.Combine(Artifacts, "build"), .. options], stopping);
        if (publish.ExitCode != 0)
            throw new Problem($"{publish.Output}\n{project} can't be published.", exitCode: 1);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static void Zip(string folder, string file)
    {
        File.Delete(file);
        ZipFile.CreateFromDirectory(folder, file);
        Console.WriteLine($"{file} ({new FileInfo(file).Length / 1_000_000.0:0.0} MB)");
    }

    private static string Version() => XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
}
