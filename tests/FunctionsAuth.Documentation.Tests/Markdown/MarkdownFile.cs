using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FunctionsAuth.Documentation.Tests.Markdown;

/// <param name="Language">The word behind the fence, in lower case; empty for none.</param>
/// <param name="Comment">The text of the HTML comment right before it; null for none.</param>
internal sealed record CodeBlock(string Language, string Text, string? Comment, int Line);

/// <summary>A Markdown file of the repository.</summary>
internal sealed partial class MarkdownFile
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private static readonly Lazy<IReadOnlyList<MarkdownFile>> Files = new(() => [.. Paths().Distinct().Select(path => new MarkdownFile(path))]);

    private MarkdownFile(string path)
    {
        Path = path;
        Text = Repository.Read(path);
        Document = Markdig.Markdown.Parse(Text, Pipeline);
        Anchors = AnchorsOf(Document);
    }

    /// <summary>All pages that people read.</summary>
    public static IReadOnlyList<MarkdownFile> All => Files.Value;

    /// <summary>For theories: each file by its path.</summary>
    public static TheoryData<string> AllPaths => [.. All.Select(file => file.Path)];

    public string Path { get; }

    public string Text { get; }

    public MarkdownDocument Document { get; }

    /// <summary>What links can have behind <c>#</c>, as GitHub makes it of headings.</summary>
    public IReadOnlySet<string> Anchors { get; }

    public IEnumerable<string> Links => Document.Descendants<LinkInline>().Select(link => link.Url!).Concat(HtmlLinks()).Where(url => !string.IsNullOrEmpty(url));

    public IEnumerable<CodeBlock> CodeBlocks => Document.Descendants<FencedCodeBlock>().Select(block =>
        new CodeBlock((block.Info ?? "").ToLowerInvariant(), block.Lines.ToString().ReplaceLineEndings("\n"), CommentBefore(block), block.Line + 1));

    public IEnumerable<string> InlineCode => Document.Descendants<CodeInline>().Select(code => code.Content);

    public static MarkdownFile Of(string path) => All.Single(file => file.Path == path);

    /// <summary>The text of a block without its markup.</summary>
    public static string PlainText(LeafBlock block) => string.Concat((block.Inline ?? Enumerable.Empty<Inline>()).SelectMany(Flat));

    private static IEnumerable<string> Flat(Inline inline) => inline switch
    {
        LiteralInline literal => [literal.Content.ToString()],
        CodeInline code => [code.Content],
        LineBreakInline => [" "],
        ContainerInline container => container.SelectMany(Flat),
        _ => [],
    };

    private static IEnumerable<string> Paths()
    {
        foreach (var name in (string[])["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
        {
            if (File.Exists(Repository.PathOf(name)))
                yield return name;
        }
        foreach (var path in Repository.Files("docs", "*.md").Concat(Repository.Files("infra", "*.md")))
            yield return path;
        foreach (var path in ((string[])["samples", "tests", "bench", "eng"]).SelectMany(folder => Repository.Files(folder, "README.md")))
            yield return path;
    }

    private static HashSet<string> AnchorsOf(MarkdownDocument document)
    {
        HashSet<string> anchors = [];
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var slug = NotInSlugs().Replace(PlainText(heading).Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var unique = slug;
            for (var i = 1; !anchors.Add(unique); i++)
                unique = $"{slug}-{i}";
        }
        foreach (var named in document.Descendants<HtmlInline>().Select(html => html.Tag).Concat(document.Descendants<HtmlBlock>().Select(block => block.Lines.ToString())))
            anchors.UnionWith(Named().Matches(named).Select(match => match.Groups[1].Value));
        return anchors;
    }

    private IEnumerable<string> HtmlLinks() =>
        Document.Descendants<HtmlBlock>().Select(block => block.Lines.ToString()).Concat(Document.Descendants<HtmlInline>().Select(html => html.Tag))
            .SelectMany(html => HtmlLink().Matches(html)).Select(match => match.Groups[1].Value);

    private static string? CommentBefore(FencedCodeBlock block)
    {
        var siblings = block.Parent!;
        var at = siblings.IndexOf(block);
        return at > 0 && siblings[at - 1] is HtmlBlock html && Comment().Match(html.Lines.ToString()) is { Success: true } comment ? comment.Groups[1].Value : null;
    }

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_\- ]")]
    private static partial Regex NotInSlugs();

    [GeneratedRegex(@"<a (?:id|name)=""([^""]+)""")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?:href|src|srcset)=""([^""]+)""")]
    private static partial Regex HtmlLink();

    [GeneratedRegex(@"^\s*<!--\s*(.+?)\s*-->\s*$", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
