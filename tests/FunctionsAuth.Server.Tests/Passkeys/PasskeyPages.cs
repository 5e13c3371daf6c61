using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>A person with an authenticator at the pages, and the script that the pages have for it.</summary>
internal static class PasskeyPages
{
    public static IHtmlFormElement PasskeyForm(this Answer page) =>
        page.Document.QuerySelector("form[data-passkey]") as IHtmlFormElement ?? throw new InvalidOperationException($"The page asks for no passkey: {page.Body}");

    public static string Challenge(this Answer page) => page.PasskeyForm().GetAttribute("data-challenge")!;

    public static Dictionary<string, string> Fields(this IHtmlFormElement form) => form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
        .Where(input => input.Name is { Length: > 0 }).ToDictionary(input => input.Name!, input => input.Value);

    /// <summary>What the script of an account page posts for a new passkey.</summary>
    public static Dictionary<string, string> NewPasskey(this Answer page, SoftwareAuthenticator authenticator, string? name = null)
    {
        var form = page.PasskeyForm();
        var fields = form.Fields();
        foreach (var (field, value) in authenticator.Create(page.Challenge(), form.GetAttribute("data-user")!))
            fields[field] = value;
        if (name is not null)
            fields["name"] = name;
        return fields;
    }

    /// <summary>The page of passkeys, signing in where that is asked for, and with a passkey where the person has one.</summary>
    public static async Task<Answer> PasskeysAsync(this Browser browser, SoftwareAuthenticator? known = null, string username = "alice")
    {
        var page = await browser.AccountAsync("passkeys", username);
        return known is not null && page.HasForm("second_factor") ? await browser.FollowAsync(await browser.PostFactorAsync(page.WithPasskey(known))) : page;
    }

    /// <summary>Adds a passkey on the account page.</summary>
    public static async Task<Answer> AddPasskeyAsync(
        this Browser browser, SoftwareAuthenticator authenticator, string? name = null, string username = "alice", SoftwareAuthenticator? known = null) =>
        await browser.PostAsync($"{RunningServer.Issuer}/account/passkeys", (await browser.PasskeysAsync(known, username)).NewPasskey(authenticator, name));

    public static Task<Answer> PostFactorAsync(this Browser browser, IEnumerable<KeyValuePair<string, string>> fields) => browser.PostAsync($"{RunningServer.Issuer}/second_factor", fields);

    /// <summary>The login page of a new request of the client <c>web</c>.</summary>
    public static async Task<Answer> LoginPageAsync(this Browser browser, string scope = "openid") =>
        await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("web", scope: scope).With("prompt", "login").Url));

    /// <summary>What the script of the login page posts.</summary>
    public static Dictionary<string, string> WithPasskey(this Answer page, SoftwareAuthenticator authenticator)
    {
        var fields = page.PasskeyForm().Fields();
        foreach (var (field, value) in authenticator.Get(page.Challenge()))
            fields[field] = value;
        return fields;
    }

    public static Task<Answer> PostLoginAsync(this Browser browser, IEnumerable<KeyValuePair<string, string>> fields) => browser.PostAsync($"{RunningServer.Issuer}/login", fields);

    public static async Task<Answer> SignInAsync(this Browser browser, SoftwareAuthenticator authenticator, Answer? page = null) =>
        await browser.PostLoginAsync((page ?? await browser.LoginPageAsync()).WithPasskey(authenticator));

    /// <summary>Nobody signed in, and the page says so.</summary>
    public static void ShouldBeRefused(this Answer answer, string why = "That passkey does not sign anybody in here.")
    {
        Assert.Equal(422, (int)answer.Status);
        Assert.StartsWith(why, answer.Problem(), StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [], cookie => cookie.StartsWith("__Host-session=", StringComparison.Ordinal));
    }
}
