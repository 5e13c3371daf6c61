namespace FunctionsAuth.Documentation.Tests.Markdown;

public sealed class LinkTests
{
    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Every_link_leads_to_a_file_and_every_anchor_to_a_heading(string path)
    {
        var broken = MarkdownFile.Of(path).Links.Distinct().Where(link => !Leads(path, link)).ToList();
        Assert.True(broken.Count == 0, $"{path} has links that lead nowhere: {string.Join(", ", broken)}");
    }

    private static bool Leads(string from, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
            return true;
        var parts = link.Split('#', 2);
        var folder = Path.GetDirectoryName(Repository.PathOf(from))!;
        var target = parts[0].Length == 0 ? Repository.PathOf(from) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
        if (!File.Exists(target) && !Directory.Exists(target))
            return false;
        var page = Path.GetRelativePath(Repository.PathOf(), target).Replace('\\', '/');
        return parts.Length == 1 || !page.EndsWith(".md", StringComparison.Ordinal) || MarkdownFile.All.FirstOrDefault(file => file.Path == page)?.Anchors.Contains(parts[1]) != false;
    }
}
