using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>The fields of the first form on a page: a login page has another one for passkeys.</summary>
internal static class PageForms
{
    public static Dictionary<string, string> HiddenFields(this Answer page) =>
        page.Document.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value);

    public static string ValueOf(this Answer page, string id) => ((IHtmlInputElement)page.Document.GetElementById(id)!).Value;

    /// <summary>All words of a page, without its markup.</summary>
    public static string Text(this Answer page) => page.Document.Body!.TextContent;
}
