using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.ManagePages;

/// <summary>A person at the pages on which the server is managed.</summary>
internal static class ManageBrowsing
{
    public static string Address { get; } = $"{RunningServer.Issuer}/manage";

    /// <summary>The page, signing in where that is asked for.</summary>
    public static async Task<Answer> ManageAsync(this Browser browser, string page, string username)
    {
        var answer = await browser.FollowAsync(await browser.GetAsync($"{Address}/{page}".TrimEnd('/')));
        return answer.HasForm("login") ? await browser.FollowAsync(await browser.LoginAsync(answer, username)) : answer;
    }

    /// <summary>The fields of the form with that button, as the page fills them.</summary>
    /// <param name="holding">Chooses among several: a text that the form has.</param>
    public static Dictionary<string, string> FieldsOf(this Answer page, string action, string? holding = null)
    {
        var form = page.Document.QuerySelectorAll("form").First(one => one.QuerySelector($"button[value='{action}']") is not null && (holding is null || one.OuterHtml.Contains(holding, StringComparison.Ordinal)));
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Where(input => input.Type != "checkbox" || input.IsChecked).ToDictionary(input => input.Name!, input => input.Value);
        foreach (var area in form.QuerySelectorAll("textarea").OfType<IHtmlTextAreaElement>())
            fields[area.Name!] = area.Value;
        foreach (var choice in form.QuerySelectorAll("select").OfType<IHtmlSelectElement>())
            fields[choice.Name!] = choice.Value ?? "";
        fields["action"] = action;
        return fields;
    }

    /// <summary>Fills a form in and sends it.</summary>
    public static async Task<Answer> SendAsync(this Browser browser, Answer page, string route, string action, string? holding = null, params (string Name, string Value)[] filled)
    {
        var fields = page.FieldsOf(action, holding);
        foreach (var (name, value) in filled)
            fields[name] = value;
        return await browser.FollowAsync(await browser.PostAsync($"{Address}/{route}", fields));
    }

    public static IReadOnlyList<string> Places(this Answer page) => [.. page.Document.QuerySelectorAll("nav li:not(.leave) a").Select(link => link.TextContent)];

    public static IReadOnlyList<string> Buttons(this Answer page) => [.. page.Document.QuerySelectorAll("main button, main .button").Select(button => button.TextContent.Trim())];

    /// <summary>What is shown this once.</summary>
    public static string Secret(this Answer page) => page.Document.QuerySelector(".shown-once")!.TextContent;
}
