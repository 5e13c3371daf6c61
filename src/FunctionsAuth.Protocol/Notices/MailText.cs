using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Mail;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>What a mail says, once as text and once as HTML. Whatever comes from people is text in both.</summary>
/// <param name="Subject">Without anything that a person wrote.</param>
internal sealed record MailText(string Subject, params IReadOnlyList<string> Paragraphs)
{
    /// <summary>The one link of the mail, below the paragraphs.</summary>
    public string? Link { get; init; }

    /// <summary>What stands below the link.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <param name="goodFor">After that the mail is of no use.</param>
    public MailMessage To(string address, TimeSpan? goodFor = null) => new() { To = address, Subject = Subject, Text = AsText(), Html = AsHtml(), GoodFor = goodFor };

    private string AsText() => string.Join("\n\n", [.. Paragraphs.Select(OneLine), .. Link is null ? Array.Empty<string>() : [Link], .. Below.Select(OneLine)]) + "\n";

    private string AsHtml()
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"></head><body>\n");
        foreach (var paragraph in Paragraphs)
            Append(html, WebUtility.HtmlEncode(OneLine(paragraph)));
        if (Link is not null)
            Append(html, $"<a href=\"{WebUtility.HtmlEncode(Link)}\">{WebUtility.HtmlEncode(Link)}</a>");
        foreach (var paragraph in Below)
            Append(html, WebUtility.HtmlEncode(OneLine(paragraph)));
        return html.Append("</body></html>\n").ToString();
    }

    private static void Append(StringBuilder html, string encoded) => html.Append("<p>").Append(encoded).Append("</p>\n");

    /// <summary>A name with ends of lines in it must not look like a paragraph of ours.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
