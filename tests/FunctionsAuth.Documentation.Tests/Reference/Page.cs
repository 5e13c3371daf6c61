using System.Text;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>Writes Markdown.</summary>
internal sealed class Page
{
    private readonly StringBuilder text = new();

    /// <param name="title">The heading of the page.</param>
    /// <param name="intro">What the page has, in one or two sentences.</param>
    public Page(string title, string intro) =>
        text.Append("<!-- Made from the code by `dotnet dev.cs reference`. Do not change it by hand. -->\n\n# ").Append(title).Append("\n\n").Append(intro).Append('\n');

    public Page Heading(string heading, int level = 2)
    {
        text.Append('\n').Append('#', level).Append(' ').Append(heading).Append('\n');
        return this;
    }

    public Page Paragraph(string paragraph)
    {
        text.Append('\n').Append(paragraph).Append('\n');
        return this;
    }

    public Page Table(string[] head, IEnumerable<string[]> rows)
    {
        text.Append('\n');
        Row(head);
        Row([.. head.Select(_ => "---")]);
        foreach (var row in rows)
            Row([.. row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))]);
        return this;
    }

    public override string ToString() => text.ToString();

    private void Row(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
