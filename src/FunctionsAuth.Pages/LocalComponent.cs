using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Components;

namespace FunctionsAuth.Pages;

/// <summary>
/// A component in the language of the request. It contains its texts in English, each as one literal in <c>T("...")</c>, <c>S($"...")</c> or
/// <c>F($"...")</c>, so that the tests find them.
/// </summary>
public abstract class LocalComponent : ComponentBase
{
    [Inject] public PageSurroundings Surroundings { get; set; } = null!;

    protected Language L => Surroundings.Language;

    protected PageBrand Brand => Surroundings.Brand;

    /// <inheritdoc cref="PageSurroundings"/>
    protected string Root => Surroundings.Root;

    /// <summary>An external address unchanged, or an address of this server relative to the current page.</summary>
    protected string From(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? address : Root + address;

    /// <summary>The address of a management page, relative to the current page.</summary>
    /// <param name="page">The address below <c>manage/</c>; empty for the first page.</param>
    protected string Managed(string page) => page.Length == 0 ? Root + "manage" : $"{Root}manage/{page}";

    /// <summary>A text without placeholders.</summary>
    protected string T(string english) => L.Of(english);

    [return: NotNullIfNotNull(nameof(phrase))]
    protected string? T(Phrase? phrase) => phrase is null ? null : L.Of(phrase);

    /// <summary>A text with plain values, as a string: for attributes, and for content without markup.</summary>
    protected string S(FormattableString text) => L.Of(text, L.TextOf, static literal => literal);

    /// <summary>A text with values that contain markup: <see cref="B"/>, <see cref="A"/>, and times. All other values are encoded.</summary>
    protected MarkupString F(FormattableString text) => new(L.Of(text, HtmlOf, static literal => HtmlEncoder.Default.Encode(literal)));

    /// <summary>A name or a number in bold. Its writing direction does not change the text around it.</summary>
    protected static MarkupString B(string? text, string? id = null) => new($"<strong{(id is null ? "" : $" id=\"{id}\"")}>{HtmlEncoder.Default.Encode(text ?? "")}</strong>");

    /// <summary>A link to a page of this server.</summary>
    protected static MarkupString A(string href, string text) => new($"<a href=\"{HtmlEncoder.Default.Encode(href)}\">{HtmlEncoder.Default.Encode(text)}</a>");

    /// <summary>A link to an external page, which opens in another tab.</summary>
    protected static MarkupString External(Uri address, string text) =>
        new($"<a href=\"{HtmlEncoder.Default.Encode(address.AbsoluteUri)}\" target=\"_blank\" rel=\"noopener\">{HtmlEncoder.Default.Encode(text)}</a>");

    /// <summary>The name of the client. The server's own pages are a client, too, and their name is one of the translated texts.</summary>
    protected string NameOf(PageClient client) => L.Of(Phrase.Named(client.Name, client.LocalNames));

    /// <summary>The title of a page. If there is a problem, the title says so, because a screen reader reads the title first.</summary>
    protected string TitleOf(string title, Phrase? problem) => problem is null ? title : S($"Error: {title}");

    private string HtmlOf(object? value) => value switch
    {
        MarkupString markup => markup.Value,
        DateTimeOffset at => $"<time datetime=\"{at.ToString("o", CultureInfo.InvariantCulture)}\">{HtmlEncoder.Default.Encode(L.Moment(at))}</time>",
        _ => HtmlEncoder.Default.Encode(L.TextOf(value)),
    };
}
