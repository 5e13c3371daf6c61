using System.Net;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Client;

/// <summary>
/// A browser with a person before it: it keeps cookies, follows redirects and posts the forms that a script would; the
/// person signs in and allows whatever is asked. It knows two hosts, the server and the client.
/// </summary>
/// <param name="username">Of the person.</param>
public sealed class Browser(Uri server, ClientSite site, string username)
{
    private const int MostRedirects = 20;
    private const int MostTries = 50;

    private CookieContainer cookies = new();

    /// <summary>How often the person has signed in, in this module.</summary>
    public int Logins { get; private set; }

    /// <summary>How often the person has been asked anything, in this module.</summary>
    public int Questions { get; private set; }

    /// <summary>A module begins. The person is still signed in from the one before: a password takes the processor a while.</summary>
    public void Begin() => (Logins, Questions) = (0, 0);

    /// <summary>Nobody is signed in any more, as far as the browser knows.</summary>
    public void ClearCookies() => cookies = new();

    /// <summary>What <c>document.cookie</c> is there.</summary>
    public string CookiesForScript(Uri url) =>
        string.Join("; ", cookies.GetCookies(url).Where(cookie => !cookie.HttpOnly).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    public Task<Page> GetAsync(string url) => GoAsync(HttpMethod.Get, new Uri(url), null);

    public Task<Page> PostAsync(string url, IReadOnlyDictionary<string, string> fields) => GoAsync(HttpMethod.Post, new Uri(url), fields);

    /// <summary>Answers the server's questions until the browser is elsewhere, or at a page that asks nothing.</summary>
    public async Task<Page> AnswerAsync(Page page)
    {
        while (page.IsLogin || page.IsConsent)
        {
            Questions++;
            page = page.IsLogin ? await SignInAsync(page) : await SubmitAsync(page, "allow");
        }
        return page;
    }

    /// <summary>Sends the one form of a page by one of its buttons.</summary>
    /// <param name="button">Its value.</param>
    public Task<Page> SubmitAsync(Page page, string? button, params (string Name, string Value)[] filled)
    {
        var fields = page.Fields(button);
        foreach (var (name, value) in filled)
            fields[name] = value;
        return GoAsync(HttpMethod.Post, new Uri(page.Url, page.Form.GetAttribute("action")), fields);
    }

    private async Task<Page> SignInAsync(Page page)
    {
        Assert.True(++Logins < 10, $"The login page comes again and again: {page.Text}");
        for (var tries = 1; ; tries++)
        {
            var next = await SubmitAsync(page, "login", ("username", username), ("password", ServerFiles.Password));
            // A machine that is busy may not get to a password within the 3 seconds that a login waits: the person presses the button again.
            if (next.Answer.Status != (int)HttpStatusCode.ServiceUnavailable || tries == MostTries)
                return next;
        }
    }

    private async Task<Page> GoAsync(HttpMethod method, Uri url, IReadOnlyDictionary<string, string>? fields)
    {
        for (var redirects = 0; redirects < MostRedirects; redirects++)
        {
            var page = new Page(url, await SendAsync(method, url, fields));
            if (page.Answer.Headers.TryGetValue("Location", out var location))
            {
                Assert.InRange(page.Answer.Status, 300, 399);
                (method, url, fields) = (HttpMethod.Get, new Uri(url, location), null);
            }
            else if (PostsItself(page) || AsksToPost(page))
            {
                (method, url, fields) = (HttpMethod.Post, new Uri(page.Url, page.Form.GetAttribute("action")), page.Fields(null));
            }
            else if (!page.IsAtClient && page.Document.QuerySelector("a#continue")?.GetAttribute("href") is { } next)
            {
                // By the page's script, or pressed by the person: anybody may have registered the client, so the server asks first.
                await LoadFramesAsync(page);
                (method, url, fields) = (HttpMethod.Get, new Uri(page.Url, next), null);
            }
            else
            {
                return page;
            }
        }
        throw new InvalidOperationException($"There is no end of redirects. The last was to {url}");
    }

    /// <summary>OAuth 2.0 Form Post Response Mode §2: a form for another host and a script that posts it.</summary>
    private bool PostsItself(Page page) =>
        !page.IsAtClient
        && page.Document.QuerySelector("form[method=post]")?.GetAttribute("action") is { } action
        && new Uri(page.Url, action).Authority != server.Authority
        && page.Document.QuerySelector("script[src]")?.GetAttribute("src") is { } script
        && page.Allows("script-src", new Uri(page.Url, script));

    /// <summary>The same form without a script, whose button the person presses.</summary>
    private bool AsksToPost(Page page) =>
        !page.IsAtClient
        && page.Document.QuerySelector("script") is null
        && page.Document.QuerySelector("form[method=post]")?.GetAttribute("action") is { } action
        && new Uri(page.Url, action).Authority != server.Authority;

    /// <summary>Front-Channel Logout §2: all frames have loaded before the browser goes on.</summary>
    private async Task LoadFramesAsync(Page page)
    {
        var frames = page.Document.QuerySelectorAll("iframe").Select(frame => new Uri(page.Url, frame.GetAttribute("src"))).ToList();
        Assert.All(frames, frame => Assert.True(page.Allows("frame-src", frame), $"The page's policy forbids {frame}"));
        foreach (var frame in frames)
            await SendAsync(HttpMethod.Get, frame, null);
    }

    private async Task<Answer> SendAsync(HttpMethod method, Uri url, IReadOnlyDictionary<string, string>? fields)
    {
        var toClient = url.GetLeftPart(UriPartial.Authority) == Inbox.Origin;
        Assert.True(toClient || url.Authority == server.Authority, $"The browser was sent to a stranger: {url}");
        using var request = new HttpRequestMessage(method, toClient ? new Uri(site.Url, url.PathAndQuery) : url);
        if (fields is not null)
            request.Content = new FormUrlEncodedContent(fields);
        if (toClient)
            return await SuiteHttp.SendAsync(request);

        if (cookies.GetCookieHeader(url) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        var answer = await SuiteHttp.SendAsync(request);
        foreach (var cookie in answer.SetCookies)
            cookies.SetCookies(url, cookie);
        return answer;
    }
}
