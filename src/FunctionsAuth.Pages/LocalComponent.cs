using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Components;

namespace FunctionsAuth.Pages;

/// <summary>
/// A component that speaks the language of the request. Its texts stand in it in English, each as one literal in <c>T("...")</c>, <c>S($"...")</c> or
/// <c>F($"...")</c>, where the tests find them.
/// </summary>
public abstract class LocalComponent : ComponentBase
{
    [Inject] public PageSurroundings Surroundings { get; set; } = null!;

    protected Language L => Surroundings.Language;

    protected PageBrand Brand => Surroundings.Brand;

    /// <inheritdoc cref="PageSurroundings"/>
    protected string Root => Surroundings.Root;

    /// <summary>An address elsewhere, or one of ours as seen from this page.</summary>
    protected string From(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? address : Root + address;

    /// <summary>The address of a page on which the server is managed, as seen from this page.</summary>
    /// <param name="page">Below <c>manage/</c>; empty for the first one.</param>
    protected string Managed(string page) => page.Length == 0 ? Root + "manage" : $"{Root}manage/{page}";

    /// <summary>A text without holes.</summary>
    protected string T(string english) => L.Of(english);

    [return: NotNullIfNotNull(nameof(phrase))]
    protected string? T(Phrase? phrase) => phrase is null ? null : L.Of(phrase);

    /// <summary>A text with plain values, as a string: for attributes, and for content without markup.</summary>
    protected string S(FormattableString text) => L.Of(text, L.TextOf, static literal => literal);

    /// <summary>A text with values that have markup: <see cref="B"/>, <see cref="A"/>, and moments. Everything else is encoded.</summary>
    protected MarkupString F(FormattableString text) => new(L.Of(text, HtmlOf, static literal => HtmlEncoder.Default.Encode(literal)));

    /// <summary>A name or a number that stands out. Its direction changes nothing around it.</summary>
    protected static MarkupString B(string? text, string? id = null) => new($"<strong{(id is null ? "" : $" id=\"{id}\"")}>{HtmlEncoder.Default.Encode(text ?? "")}</strong>");

    /// <summary>A link to a page of ours.</summary>
    protected static MarkupString A(string href, string text) => new($"<a href=\"{HtmlEncoder.Default.Encode(href)}\">{HtmlEncoder.Default.Encode(text)}</a>");

    /// <summary>A link to a page elsewhere, in another tab.</summary>
    protected static MarkupString External(Uri address, string text) =>
        new($"<a href=\"{HtmlEncoder.Default.Encode(address.AbsoluteUri)}\" target=\"_blank\" rel=\"noopener\">{HtmlEncoder.Default.Encode(text)}</a>");

    /// <summary>What the client is called. The server's own pages are a client, too, whose name is one of our texts.</summary>
    protected string NameOf(PageClient client) => L.Of(Phrase.Named(client.Name, client.LocalNames));

    /// <summary>The title of a page, which says so where something is wrong: it is what a screen reader says first.</summary>
    protected string TitleOf(string title, Phrase? problem) => problem is null ? title : S($"Error: {title}");

    private string HtmlOf(object? value) => value switch
    {
        MarkupString markup => markup.Value,
        DateTimeOffset at => $"<time datetime=\"{at.ToString("o", CultureInfo.InvariantCulture)}\">{HtmlEncoder.Default.Encode(L.Moment(at))}</time>",
        _ => HtmlEncoder.Default.Encode(L.TextOf(value)),
    };
}
