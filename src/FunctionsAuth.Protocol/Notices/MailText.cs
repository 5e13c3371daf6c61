using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Mail;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>The content of a mail, as text and as HTML. Values from users are escaped in the HTML.</summary>
/// <param name="Subject">The subject, without anything that a user wrote.</param>
internal sealed record MailText(Phrase Subject, params IReadOnlyList<Phrase> Paragraphs)
{
    private const string UsualAccent = "#0b655a";

    /// <summary>The one link of the mail, below the paragraphs.</summary>
    public string? Link { get; init; }

    /// <summary>The text below the link.</summary>
    public IReadOnlyList<Phrase> Below { get; init; } = [];

    /// <param name="server">The server, for its brand.</param>
    /// <param name="goodFor">After this time the mail is useless.</param>
    public MailMessage To(string address, Language language, ServerOptions server, TimeSpan? goodFor = null) => new()
    {
        To = address,
        Subject = language.Of(Subject),
        Text = AsText(language, server.Brand.FooterText),
        Html = AsHtml(language, server),
        GoodFor = goodFor,
    };

    private string AsText(Language language, string? footer)
    {
        return string.Join("\n\n", [.. Paragraphs.Select(LineOf), .. Link is null ? Array.Empty<string>() : [Link], .. Below.Select(LineOf), .. footer is null ? Array.Empty<string>() : [footer]]) + "\n";

        string LineOf(Phrase paragraph) => OneLine(language.Of(paragraph));
    }

    /// <summary>It has no pictures and style sheets, because mail programs block them. Styles are inline.</summary>
    private string AsHtml(Language language, ServerOptions server)
    {
        var accent = server.Brand.Accent ?? UsualAccent;
        var html = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{language.Tag}\"{(language.IsRightToLeft ? " dir=\"rtl\"" : "")}><head><meta charset=\"utf-8\"></head>\n");
        html.Append(null, $"<body style=\"margin:0;font-family:sans-serif;line-height:1.5\"><div style=\"max-width:36em;margin:0 auto;padding:1.5em;border-top:4px solid {accent}\">\n");
        Append(html, $"<strong>{WebUtility.HtmlEncode(server.ShownOperator())}</strong>");
        foreach (var paragraph in Paragraphs)
            Append(html, WebUtility.HtmlEncode(OneLine(language.Of(paragraph))));
        if (Link is not null)
            Append(html, $"<a href=\"{WebUtility.HtmlEncode(Link)}\" dir=\"ltr\" style=\"color:{accent};overflow-wrap:anywhere\">{WebUtility.HtmlEncode(Link)}</a>");
        foreach (var paragraph in Below)
            Append(html, WebUtility.HtmlEncode(OneLine(language.Of(paragraph))));
        if (server.Brand.FooterText is { } footer)
            Append(html, WebUtility.HtmlEncode(footer));
        if (server.Brand.SupportUri is { } support)
            Append(html, $"<a href=\"{WebUtility.HtmlEncode(support.AbsoluteUri)}\" style=\"color:{accent}\">{WebUtility.HtmlEncode(language.Of(Phrase.Of($"Help")))}</a>");
        return html.Append("</div></body></html>\n").ToString();
    }

    private static void Append(StringBuilder html, string encoded) => html.Append("<p>").Append(encoded).Append("</p>\n");

    /// <summary>A name with line ends must not look like a paragraph of our text.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
