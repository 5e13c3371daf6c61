using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Composition;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Documentation.Tests.Markdown;

public sealed partial class CodeBlockTests
{
    private static readonly string[] ImportSections = ["clients", "scopes", "resources", "authorization_details_types", "groups", "users"];

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // A guide may build on the scopes and APIs that a LocalHost has.
    private static readonly Lazy<Catalog> Samples = new(() =>
    {
        var samples = JsonNode.Parse(Repository.Read("src/FunctionsAuth.LocalHost/Samples/samples.json"))!;
        var file = ImportFile.Parse(new JsonObject { ["scopes"] = samples["scopes"]!.DeepClone() }.ToJsonString(), new Catalog([], []), ServerFeatures.All);
        return new Catalog(file.Scopes, []);
    });

    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Every_block_of_json_is_json(string path)
    {
        List<string> wrong = [];
        foreach (var block in MarkdownFile.Of(path).CodeBlocks.Where(IsJson))
        {
            try
            {
                // A block may show some members of an object.
                JsonDocument.Parse(block.Text.StartsWith('"') && block.Text.Contains("\":", StringComparison.Ordinal) ? $"{{{block.Text}}}" : block.Text, WithComments).Dispose();
            }
            catch (JsonException e)
            {
                wrong.Add($"line {block.Line}: {e.Message}");
            }
        }
        Assert.True(wrong.Count == 0, $"{path}: {string.Join("; ", wrong)}");
    }

    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Every_import_file_can_be_imported(string path)
    {
        List<string> wrong = [];
        foreach (var block in MarkdownFile.Of(path).CodeBlocks.Where(IsImportFile))
        {
            try
            {
                ImportFile.Parse(block.Text, Samples.Value, ServerFeatures.All);
            }
            catch (ImportException e)
            {
                wrong.Add($"line {block.Line}: {e.Message}");
            }
        }
        Assert.True(wrong.Count == 0, $"{path}: {string.Join("; ", wrong)}");
    }

    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Code_that_names_its_file_is_what_stands_there(string path)
    {
        foreach (var block in MarkdownFile.Of(path).CodeBlocks)
        {
            if (block.Comment is null || Origin().Match(block.Comment) is not { Success: true } origin)
                continue;
            var file = origin.Groups[1].Value;
            Assert.True(File.Exists(Repository.PathOf(file)), $"{path}, line {block.Line}: there is no file {file}");
            var expected = origin.Groups[2].Success ? Region(Repository.Read(file), origin.Groups[2].Value) : Repository.Read(file);
            Assert.True(expected is not null, $"{path}, line {block.Line}: {file} has no region {origin.Groups[2].Value}");
            Assert.True(expected!.Trim('\n') == block.Text.Trim('\n'), $"{path}, line {block.Line} is not what stands in {file}. There it is:\n{expected}");
        }
    }

    [Fact]
    public void Every_marked_part_of_a_sample_is_in_a_guide()
    {
        var quoted = MarkdownFile.All.SelectMany(page => page.CodeBlocks).Select(block => block.Comment);
        string[] sources = [.. Repository.Files("samples", "*.cs"), .. Repository.Files("samples", "*.mjs"), .. Repository.Files("samples", "*.js")];
        var marked = sources.SelectMany(file => Marker().Matches(Repository.Read(file)).Select(match => $"{file}#{match.Groups[1].Value}")).ToList();
        Assert.NotEmpty(marked);
        Assert.Empty(marked.Except(quoted));
    }

    private static bool IsJson(CodeBlock block) => block.Language is "json" or "jsonc";

    internal static bool IsImportFile(CodeBlock block)
    {
        if (!IsJson(block))
            return false;
        try
        {
            using var json = JsonDocument.Parse(block.Text, WithComments);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.EnumerateObject().ToList() is { Count: > 0 } members
                && members.All(member => member.Name == "$schema" || (ImportSections.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The lines between the markers, without the indentation that all have; null where there are none.</summary>
    private static string? Region(string text, string marker)
    {
        var lines = text.Split('\n').ToList();
        var begin = lines.FindIndex(line => line.Trim().TrimStart('/', '#', ' ') == $"<{marker}>");
        var end = lines.FindIndex(line => line.Trim().TrimStart('/', '#', ' ') == $"</{marker}>");
        if (begin < 0 || end < begin)
            return null;
        var region = lines[(begin + 1)..end];
        var indentation = region.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', region.Select(line => line.Length < indentation ? "" : line[indentation..].TrimEnd()));
    }

    [GeneratedRegex(@"^\s*// <([a-z-]+)>\r?$", RegexOptions.Multiline)]
    private static partial Regex Marker();

    [GeneratedRegex(@"^([\w./-]+/[\w.-]+|[\w-]+\.\w+)(?:#([\w-]+))?$")]
    private static partial Regex Origin();
}
