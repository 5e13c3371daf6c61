using System.Runtime.InteropServices;

namespace FunctionsAuth.Dev.Tools;

/// <summary>Microsoft's compiler for infra/, from NuGet. There is one package for each kind of machine.</summary>
internal static class BicepCompiler
{
    private const string PinnedVersion = "0.49.2";

    private static readonly string[] Machines = ["linux-x64", "linux-musl-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64"];

    private static string Home => Repository.Local("bicep");

    /// <summary>Restores the compiler into .local/bicep, unless it is there already.</summary>
    /// <returns>The program; null if there is none for this machine or the package feed does not have it.</returns>
    public static async Task<string?> FindAsync(CancellationToken stopping)
    {
        var machine = RuntimeInformation.RuntimeIdentifier;
        if (!Machines.Contains(machine))
            return null;
        var package = $"Azure.Bicep.CommandLine.{machine}";
        var program = Path.Combine(Home, package.ToLowerInvariant(), PinnedVersion, "tools", OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");
        if (!File.Exists(program))
            await RestoreAsync(package, stopping);
        return File.Exists(program) ? program : null;
    }

    private static async Task RestoreAsync(string package, CancellationToken stopping)
    {
        Console.WriteLine($"Bicep compiler: installing {PinnedVersion} into .local/bicep.");
        Directory.CreateDirectory(Home);
        var project = Path.Combine(Home, "bicep.proj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{package}" Version="[{PinnedVersion}]" />
              </ItemGroup>
            </Project>

            """,
            stopping);
        // The build properties of this repository must not apply to it.
        string[] alone = ["-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false"];
        var restore = await Child.CaptureAsync(Sdk.Path, ["restore", project, "--packages", Home, "-v", "quiet", "--nologo", .. alone], stopping);
        if (restore.ExitCode != 0)
            Console.WriteLine($"{restore.Output}\nThe Bicep compiler can't be restored.");
    }
}
