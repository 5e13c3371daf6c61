using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>
/// The references that using directives make. The build refuses one that nothing needs, so each stands for a use: also for that of a
/// constant, which the compiler copies.
/// </summary>
internal static partial class SourceReferences
{
    public static IEnumerable<Reference> In(string folder, string root) =>
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(folder, file)
        where !path.StartsWith("obj", StringComparison.Ordinal) && !path.StartsWith("bin", StringComparison.Ordinal)
        let text = File.ReadAllText(file)
        let name = Namespace().Match(text).Groups[1].Value
        from Match import in Import().Matches(text)
        let imported = import.Groups[1].Value
        where imported.StartsWith(root + ".", StringComparison.Ordinal)
        select new Reference(name, imported, $"{path}: {import.Value.Trim()}");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Import();
}
