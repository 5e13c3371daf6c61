using System.Globalization;
using System.Text;

namespace FunctionsAuth.Bench.Reports;

/// <summary>Markdown that is shown while it comes to be.</summary>
internal sealed class Report
{
    private readonly StringBuilder text = new();

    public string Text => text.ToString();

    public static string Ratio(Spread ratio) => string.Create(CultureInfo.InvariantCulture, $"**{ratio.Median:0.00}** ({ratio.Least:0.00} to {ratio.Most:0.00})");

    public void Title(string title) => Line($"# {title}\n");

    public void Heading(string heading) => Line($"## {heading}\n");

    public void Paragraph(string paragraph) => Line($"{paragraph}\n");

    public void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    public void EndTable() => Line("");

    private void Line(string line)
    {
        text.Append(line).Append('\n');
        Console.WriteLine(line);
    }
}
