using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FunctionsAuth.Conformance.Client;

/// <summary>What stands in the browser's window.</summary>
/// <param name="Url">In its address bar, with the fragment.</param>
public sealed record Page(Uri Url, Answer Answer)
{
    private readonly Lazy<IHtmlDocument> document = new(() => new HtmlParser().ParseDocument(Answer.Body));

    public IHtmlDocument Document => document.Value;

    public bool IsAtClient => Url.GetLeftPart(UriPartial.Authority) == Inbox.Origin;

    public bool IsLogin => !IsAtClient && Document.QuerySelector("form input[type=password]") is not null;

    public bool IsConsent => !IsAtClient && Document.QuerySelector("form button[value=allow]") is not null;

    /// <summary>What a person reads.</summary>
    public string Text => Document.Body?.TextContent ?? "";

    /// <summary>Whether the page's Content-Security-Policy lets a browser load that address.</summary>
    /// <param name="directive">Such as <c>img-src</c>.</param>
    public bool Allows(string directive, Uri address)
    {
        var directives = Answer.Headers["Content-Security-Policy"].Split(';').Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var sources = directives.FirstOrDefault(words => words[0] == directive) ?? [];
        return sources.Contains($"{address.Scheme}:")
            || sources.Contains(address.GetLeftPart(UriPartial.Authority))
            || (sources.Contains("'self'") && address.Authority == Url.Authority);
    }

    /// <summary>Its first form: a login page has another one, for passkeys.</summary>
    public IHtmlFormElement Form => Document.QuerySelectorAll("form").OfType<IHtmlFormElement>().First();

    /// <summary>The fields of that form, as they are sent with the button that has this value.</summary>
    public Dictionary<string, string> Fields(string? button)
    {
        Assert.Equal("application/x-www-form-urlencoded", Form.Enctype);
        var fields = Form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => input.Name is { Length: > 0 } && (input.Type != "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value);
        if (button is not null)
        {
            var pressed = Assert.Single(Form.QuerySelectorAll("button").OfType<IHtmlButtonElement>(), one => one.Value == button);
            fields[pressed.Name!] = pressed.Value;
        }
        return fields;
    }
}
