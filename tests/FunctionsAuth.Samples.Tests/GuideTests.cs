using System.Text.RegularExpressions;
using FunctionsAuth.Samples.Tests.Harness;

namespace FunctionsAuth.Samples.Tests;

/// <summary>
/// A guide quotes the code between the marks <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c> of a sample in the block after a comment that names the
/// file and the mark: <c>&lt;!-- samples/service/Program.cs#name --&gt;</c>.
/// </summary>
public sealed partial class GuideTests
{
    private static readonly string[] Sources = [".cs", ".mjs", ".js", ".ts"];

    [Fact]
    public async Task The_guides_have_the_very_code_of_the_samples()
    {
        var marked = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("samples"), "*", SearchOption.AllDirectories).Where(IsSource))
        {
            foreach (Match part in Marked().Matches(await ReadAsync(file)))
                marked.Add($"{Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')}#{part.Groups[1].Value}", Dedented(part.Groups[2].Value));
        }
        HashSet<string> quoted = [];
        foreach (var page in Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md"))
        {
            foreach (Match block in Quoted().Matches(await ReadAsync(page)))
            {
                var name = block.Groups[1].Value;
                Assert.True(marked.TryGetValue(name, out var code), $"{page} quotes {name}, which is not there.");
                Assert.Equal(code, block.Groups[2].Value);
                quoted.Add(name);
            }
        }
        Assert.NotEmpty(quoted);
        Assert.Empty(marked.Keys.Except(quoted));
    }

    private static bool IsSource(string file) =>
        Sources.Contains(Path.GetExtension(file)) && !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules");

    private static async Task<string> ReadAsync(string file) => (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");

    private static string Dedented(string code)
    {
        var lines = code.Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : ""));
    }

    [GeneratedRegex(@"^ *// <([a-z-]+)>\n(.*?)\n *// </\1>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"^<!-- (samples/\S+#[a-z-]+) -->\n+```[a-z]*\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
