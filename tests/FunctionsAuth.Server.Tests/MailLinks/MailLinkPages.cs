using System.Text.RegularExpressions;
using FunctionsAuth.LocalHost;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.MailLinks;

/// <summary>A person who reads mail and opens its links.</summary>
internal static partial class MailLinkPages
{
    public const string NewPassword = "four words without relation";

    /// <summary>Asks for a link to another password.</summary>
    public static async Task<Answer> ForgetAsync(this Browser browser, string name, string query = "") =>
        await browser.SubmitAsync(await browser.GetAsync($"{RunningServer.Issuer}/forgot_password{query}"), ("username", name));

    /// <summary>The link of a mail.</summary>
    public static string Link(this LocalMail mail) => LinkInText().Match(mail.Message.Text).Value;

    /// <summary>Opens the link as a browser without script does: it pastes the link into the page.</summary>
    public static async Task<Answer> OpenAsync(this Browser browser, string link, params (string Name, string Value)[] filled)
    {
        var address = link[..link.IndexOf('#', StringComparison.Ordinal)];
        var page = await browser.GetAsync(address);
        var fields = page.Document.QuerySelectorAll("form input").OfType<AngleSharp.Html.Dom.IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value);
        fields["ticket"] = link;
        foreach (var (name, value) in filled)
            fields[name] = value;
        return await browser.PostAsync(address, fields);
    }

    public static Task<Answer> ResetAsync(this Browser browser, string link, string password = NewPassword) =>
        browser.OpenAsync(link, ("password", password), ("password_again", password));

    /// <summary>What has come since, once so many mails were delivered; the newest is first.</summary>
    public static async Task<LocalMail> NewestAsync(this RunningServer server, int count) => (await server.MailAsync(count))[0];

    [GeneratedRegex("https://login\\.example/link/[a-z]+#[A-Za-z0-9_-]+")]
    private static partial Regex LinkInText();
}
