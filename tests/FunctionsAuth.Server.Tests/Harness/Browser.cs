using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A browser without script. It keeps cookies, fills in forms, and follows redirects within the server.</summary>
public sealed class Browser(RunningServer server)
{
    private readonly CookieContainer cookies = new();

    public CookieContainer Cookies => cookies;

    /// <summary>The language settings, sent as <c>Accept-Language</c>; null for none.</summary>
    public string? Languages { get; set; }

    public Task<Answer> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    public Task<Answer> PostAsync(string url, IEnumerable<KeyValuePair<string, string>> fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(fields) });

    /// <summary>Follows redirects until there is a page, or a redirect leads to another server.</summary>
    public async Task<Answer> FollowAsync(Answer answer)
    {
        while (answer.Location is { } location && location.StartsWith(RunningServer.Issuer + "/", StringComparison.Ordinal))
            answer = await GetAsync(location);
        return answer;
    }

    /// <summary>Sends the only form of a page, with its fields and the given values.</summary>
    public Task<Answer> SubmitAsync(Answer page, params (string Name, string Value)[] filled)
    {
        var form = page.Document.QuerySelector("form") ?? throw new InvalidOperationException($"The page has no form: {page.Body}");
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => input.Name is { Length: > 0 } && (input.Type != "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in filled)
            fields[name] = value;
        return PostAsync($"{RunningServer.Issuer}/{form.GetAttribute("action")}", fields);
    }

    /// <summary>Signs in on the login page.</summary>
    public Task<Answer> LoginAsync(Answer page, string username = "alice", string password = RunningServer.Password, bool remember = false) =>
        SubmitAsync(page, [("username", username), ("password", password), ("action", "login"), .. remember ? [("remember", "true")] : Array.Empty<(string, string)>()]);

    /// <summary>Goes from an authorization request to the answer at the client. Signs in and consents if asked.</summary>
    public async Task<Answer> AuthorizeAsync(AuthorizationParameters request, string username = "alice")
    {
        var answer = await FollowAsync(await GetAsync(request.Url));
        if (answer.Location is null && answer.HasForm("login"))
            answer = await FollowAsync(await LoginAsync(answer, username));
        if (answer.Location is null && answer.HasForm("consent"))
            answer = await FollowAsync(await SubmitAsync(answer, ("action", "allow")));
        return answer;
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var uri = new Uri(new Uri(RunningServer.Issuer), request.RequestUri!);
        if (cookies.GetCookieHeader(uri) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        if (Languages is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", Languages);
        var response = await server.Http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                cookies.SetCookies(uri, cookie);
        }
        return await Answer.ReadAsync(response);
    }
}

/// <summary>A response whose body was read.</summary>
public sealed record Answer(HttpResponseMessage Response, string Body)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string? Location => Response.Headers.Location?.OriginalString;

    public IHtmlDocument Document => new HtmlParser().ParseDocument(Body);

    /// <summary>The parameters of an authorization response, from the query or the fragment of the location, or from a form.</summary>
    public IReadOnlyDictionary<string, string> Parameters
    {
        get
        {
            if (Location is null)
                return Document.QuerySelectorAll("form:first-of-type input").OfType<IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value);
            var at = Location.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 ? hash : Location.IndexOf('?', StringComparison.Ordinal);
            return at < 0 ? new Dictionary<string, string>() : Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Location[(at + 1)..])
                .ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        }
    }

    public bool HasForm(string action) => Document.QuerySelector($"form[action='{action}']") is not null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(response, await response.Content.ReadAsStringAsync());
}
