using System.Net;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Lets a test read and change the cookies of a browser.</summary>
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
    /// Sends a form that a page of another site posts. The browser does not send our SameSite=Lax cookies with it, but accepts the cookies of the answer.
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
