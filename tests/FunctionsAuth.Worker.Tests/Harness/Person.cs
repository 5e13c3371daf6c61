using System.Net;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>A user with a browser without script. The browser keeps cookies, follows redirects on the server and fills in forms.</summary>
internal sealed partial class Person(HttpClient http)
{
    private readonly CookieContainer cookies = new();

    /// <summary>Follows redirects until there is a page, or a redirect leads to another server.</summary>
    public Task<HttpResponseMessage> OpenAsync(string url) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Fills in the password of the sample user.</summary>
    /// <param name="remember">Asks to stay signed in.</param>
    /// <returns>The answer to the form itself.</returns>
    public async Task<HttpResponseMessage> LoginAsync(HttpResponseMessage page, bool remember = false)
    {
        Dictionary<string, string> fields = new() { ["username"] = Samples.Username, ["password"] = Samples.Password, ["action"] = "login" };
        if (remember)
            fields["remember"] = "true";
        return await SendAsync(await SubmitAsync(page, fields));
    }

    /// <summary>From an authorization request of the sample web app to its code.</summary>
    public async Task<string> AuthorizeAsync()
    {
        var answer = await LoginAsync(await OpenAsync(await Samples.AuthorizeUrlAsync()));
        answer = await FollowAsync(new HttpRequestMessage(HttpMethod.Get, answer.Headers.Location));
        if (answer.IsSuccessStatusCode)
            answer = await FollowAsync(await SubmitAsync(answer, new() { ["action"] = "allow" }));
        return Code().Match(answer.Headers.Location!.Query).Groups[1].Value;
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request)
    {
        var response = await SendAsync(request);
        while (response.Headers.Location is { } location && (!location.IsAbsoluteUri || location.Authority == http.BaseAddress!.Authority))
            response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, location));
        return response;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var url = new Uri(http.BaseAddress!, request.RequestUri!);
        if (cookies.GetCookieHeader(url) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        var response = await http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                cookies.SetCookies(url, cookie);
        }
        return response;
    }

    /// <summary>The first form of a page, with its fields and the given values.</summary>
    private static async Task<HttpRequestMessage> SubmitAsync(HttpResponseMessage page, Dictionary<string, string> filled)
    {
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.IsSuccessStatusCode, $"{(int)page.StatusCode} {html}");
        var form = html[html.IndexOf("<form", StringComparison.Ordinal)..html.IndexOf("</form>", StringComparison.Ordinal)];
        var fields = Hidden().Matches(form).ToDictionary(input => input.Groups[1].Value, input => WebUtility.HtmlDecode(input.Groups[2].Value));
        foreach (var (name, value) in filled)
            fields[name] = value;
        return Samples.Post(Action().Match(html).Groups[1].Value, null, fields);
    }

    [GeneratedRegex("""<form\b[^>]*\baction="([^"]*)""")]
    private static partial Regex Action();

    [GeneratedRegex("""<input\b[^>]*type="hidden"[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)""")]
    private static partial Regex Hidden();

    [GeneratedRegex("[?&]code=([^&]*)")]
    private static partial Regex Code();
}
