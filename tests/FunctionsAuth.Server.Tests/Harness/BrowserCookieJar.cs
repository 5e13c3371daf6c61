using System.Net;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>What a test sees and changes in a browser's cookies.</summary>
public static class BrowserCookieJar
{
    public const string Session = "__Host-session";
    public const string Secret = "__Host-browser";

    private static readonly Uri Origin = new(RunningServer.Issuer);

    public static string? Cookie(this Browser browser, string name) => browser.Cookies.GetCookies(Origin)[name]?.Value;

    public static void SetCookie(this Browser browser, string name, string value) =>
        browser.Cookies.Add(Origin, new Cookie(name, value, "/") { Secure = true });

    public static void DropCookie(this Browser browser, string name) => browser.Cookies.GetCookies(Origin)[name]!.Expired = true;

    public static string CookieHeader(this Browser browser) => browser.Cookies.GetCookieHeader(Origin);

    /// <summary>
    /// A form that a page of another site posts: our SameSite=Lax cookies do not come along, but the browser does take the
    /// cookies of the answer.
    /// </summary>
    public static async Task<Answer> PostFromAnotherSiteAsync(
        this Browser browser, RunningServer server, string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var response = await server.Http.PostAsync(path, new FormUrlEncodedContent(fields));
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                browser.Cookies.SetCookies(Origin, cookie);
        }
        return await Answer.ReadAsync(response);
    }
}
