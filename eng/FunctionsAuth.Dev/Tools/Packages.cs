using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FunctionsAuth.Dev.Tools;

/// <summary>Finds packages that the feed does not have. In every build of this checkout, a project in eng/standins replaces each of them.</summary>
internal static partial class Packages
{
    // Directory.Build.props imports it.
    private static string Found => Repository.Local("packages.props");

    /// <summary>Asks the feed, unless it was already asked for the same versions.</summary>
    /// <returns>The missing packages.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(CancellationToken stopping)
    {
        var versions = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Repository.PathOf("Directory.Packages.props"), stopping)));
        if (File.Exists(Found) && XDocument.Load(Found).Root is { } known && known.Attribute("Label")?.Value == versions)
            return [.. (known.Descendants("UseStandIns").SingleOrDefault()?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)];

        File.Delete(Found);
        var missing = await AskFeedAsync(stopping);
        var found = new XElement("Project", new XAttribute("Label", versions), new XElement("PropertyGroup", new XElement("UseStandIns", string.Join(';', missing))));
        await File.WriteAllTextAsync(Found, $"{found}\n", stopping);
        return missing;
    }

    private static async Task<List<string>> AskFeedAsync(CancellationToken stopping)
    {
        // The probe has its own folder, so that the restored packages of other builds do not change.
        var probe = Repository.Local("probe");
        var restore = await Child.CaptureAsync(
            Sdk.Path, ["restore", Repository.PathOf("src", "FunctionsAuth"), "-v", "quiet", "--nologo", $"-p:ArtifactsPath={probe}"], stopping);
        if (Directory.Exists(probe))
            Directory.Delete(probe, recursive: true);
        if (restore.ExitCode == 0)
            return [];
        var missing = NotFound().Matches(restore.Output).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0 && missing.All(name => Directory.Exists(Repository.PathOf("eng", "standins", name))))
            return missing;
        throw restore.Output.Contains("NU1301", StringComparison.Ordinal)
            ? new Problem("No package can be restored because the package feed does not answer; check the network and start again.")
            : new Problem($"{restore.Output}\nThe packages can't be restored.", exitCode: 1);
    }

    [GeneratedRegex(@"NU110[12]: Unable to find package (\S+?)\.?(?= |$)", RegexOptions.Multiline)]
    private static partial Regex NotFound();
}
