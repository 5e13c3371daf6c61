using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace FunctionsAuth.LocalHost;

/// <summary>Writes the sent mail into <c>mail.html</c>: as plain text, with its links.</summary>
internal static partial class MailPage
{
    public static string Render(string template, IReadOnlyList<LocalMail> sent) => template.Replace(
        "{{mails}}",
        sent.Count == 0 ? "<p class=\"fine\">No mail was sent yet. Reload the page to see new mail.</p>" : string.Concat(sent.Select(Render)),
        StringComparison.Ordinal);

    private static string Render(LocalMail mail) =>
        $"""
        <article class="card">
          <h2>{Encode(mail.Message.Subject)}</h2>
          <p class="fine">To {Encode(mail.Message.To)}, {mail.At.ToString("u", CultureInfo.InvariantCulture)}</p>
          <pre class="mail">{Linked(mail.Message.Text)}</pre>
        </article>

        """;

    private static string Linked(string text)
    {
        var html = new System.Text.StringBuilder();
        var end = 0;
        foreach (var match in Address().EnumerateMatches(text))
        {
            var url = Encode(text.Substring(match.Index, match.Length));
            html.Append(Encode(text[end..match.Index])).Append("<a href=\"").Append(url).Append("\">").Append(url).Append("</a>");
            end = match.Index + match.Length;
        }
        return html.Append(Encode(text[end..])).ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text).Replace("&#xA;", "\n", StringComparison.Ordinal).Replace("&#xD;", "", StringComparison.Ordinal);

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Address();
}
