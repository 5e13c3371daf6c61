using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Encodings.Web;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FunctionsAuth.LocalHost;

/// <summary>The pages of the folder <c>docs</c>, as a browser shows them: <c>/guides/start.md</c>.</summary>
internal static class Guides
{
    public const string Index = "README.md";

    private const string Folder = "docs/";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    /// <param name="template">The frame around the text: <c>guide.html</c>.</param>
    /// <param name="path">Below <c>docs</c>, such as <c>reference/settings.md</c>.</param>
    public static bool TryRender(string template, string path, [NotNullWhen(true)] out string? html)
    {
        html = null;
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + path);
        if (stream is null)
            return false;
        using var reader = new StreamReader(stream);
        var document = Markdown.Parse(reader.ReadToEnd(), Pipeline);
        foreach (var link in document.Descendants<LinkInline>().Where(link => LeavesTheGuides(link.Url, path)).ToList())
            link.ReplaceBy(new EmphasisInline(), copyChildren: true); // The file is in the repository, and this server does not have it.
        var title = document.OfType<HeadingBlock>().FirstOrDefault()?.Inline?.Descendants<LiteralInline>().Select(text => text.Content.ToString()) ?? [];
        html = template
            .Replace("{{title}}", HtmlEncoder.Default.Encode(string.Concat(title)), StringComparison.Ordinal)
            .Replace("{{text}}", ScrolledByKeyboard(document.ToHtml(Pipeline)), StringComparison.Ordinal);
        return true;
    }

    /// <summary>Code and tables may be wider than the screen. A person without a mouse can scroll only what can have the focus.</summary>
    private static string ScrolledByKeyboard(string html) => html
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
        .Replace("<table>", "<table tabindex=\"0\">", StringComparison.Ordinal);

    private static bool LeavesTheGuides(string? url, string path) =>
        url is not null && !Uri.IsWellFormedUriString(url, UriKind.Absolute)
        && !new Uri(new Uri($"http://localhost/{Folder}{path}"), url).AbsolutePath.StartsWith($"/{Folder}", StringComparison.Ordinal);
}
