using FunctionsAuth.Documentation.Tests.Reference;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FunctionsAuth.Documentation.Tests.Markdown;

/// <summary>docs/troubleshoot.md quotes texts that the server says, and has an entry for each error code.</summary>
public sealed class TroubleshootTests
{
    private static readonly MarkdownFile Page = MarkdownFile.Of("docs/troubleshoot.md");

    private static readonly Lazy<string> Source = new(() => string.Join('\n', Repository.Files("src", "*.cs").Concat(Repository.Files("eng", "*.cs")).Select(Repository.Read)).Replace("\\\"", "\"", StringComparison.Ordinal));

    private static readonly Lazy<HashSet<string>> Texts = new(() => [.. ErrorTexts.OfOAuth.Select(error => error.Text), .. ErrorTexts.OfApi.Select(error => error.Text), .. ErrorTexts.OfSettings]);

    public static TheoryData<string> Quotes => [.. FirstColumn("error text").Distinct()];

    public static TheoryData<string> Codes => [.. ErrorTexts.OfOAuth.Select(error => error.Code).Distinct()];

    [Theory]
    [MemberData(nameof(Quotes))]
    public void The_code_says_what_the_page_quotes(string quote)
    {
        var parts = quote.Split("...", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(parts.Length > 0 && (Texts.Value.Any(text => Has(text, parts)) || parts.All(part => Source.Value.Contains(part, StringComparison.Ordinal))), $"Nothing in src or eng says: {quote}");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_error_code_has_an_entry(string code) => Assert.Contains(code, FirstColumn("code"));

    [Fact]
    public void The_page_quotes_many() => Assert.True(Quotes.Count > 40);

    private static bool Has(string text, string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            if (at < 0)
                return false;
            at += part.Length;
        }
        return true;
    }

    /// <summary>The code in the first column of tables with that head.</summary>
    private static IEnumerable<string> FirstColumn(string head) =>
        from table in Page.Document.Descendants<Table>()
        let rows = table.OfType<TableRow>().ToList()
        where TextOf(rows[0]) == head
        from row in rows.Skip(1)
        from code in ((TableCell)row[0]).Descendants<CodeInline>()
        select code.Content;

    private static string TextOf(TableRow head) => string.Concat(((TableCell)head[0]).Descendants<LiteralInline>().Select(literal => literal.Content.ToString())).Trim();
}
