using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>A person at the account pages.</summary>
internal static class AccountPages
{
    /// <summary>The page, signing in where that is asked for.</summary>
    public static async Task<Answer> AccountAsync(this Browser browser, string route, string username = "alice", string password = RunningServer.Password)
    {
        var answer = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/account/{route}"));
        return answer.HasForm("login") ? await browser.FollowAsync(await browser.LoginAsync(answer, username, password)) : answer;
    }

    /// <summary>Presses a button of an account page, with the fields of its form and those that a person fills.</summary>
    /// <param name="button">Chooses among several forms: a text that its values or labels have.</param>
    public static async Task<Answer> PressAsync(this Browser browser, Answer page, string action, string? button = null, params (string Name, string Value)[] filled)
    {
        var form = page.Document.QuerySelectorAll("form").OfType<IHtmlFormElement>().First(one =>
            one.QuerySelector($"button[value='{action}']") is not null && (button is null || one.OuterHtml.Contains(button, StringComparison.Ordinal)));
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Where(input => input.Name is { Length: > 0 }).ToDictionary(input => input.Name!, input => input.Value);
        fields["action"] = action;
        foreach (var (name, value) in filled)
            fields[name] = value;
        return await browser.FollowAsync(await browser.PostAsync($"{RunningServer.Issuer}/account/{form.GetAttribute("action")}", fields));
    }

    public static string Heading(this Answer page) => page.Document.QuerySelector("h1")?.TextContent ?? "";

    /// <summary>What a field of a form has.</summary>
    public static string Field(this Answer page, string name) => page.Document.QuerySelector($"form input[name='{name}']")!.GetAttribute("value")!;

    public static string? Done(this Answer page) => page.Document.QuerySelector("#done")?.TextContent;

    public static string? Problem(this Answer page) => page.Document.QuerySelector("#problem")?.TextContent;

    public static IReadOnlyList<string> Rows(this Answer page) => [.. page.Document.QuerySelectorAll(".rows > li, .events > li").Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
}
