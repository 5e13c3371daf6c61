using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FunctionsAuth.Samples.Tests.Harness;

/// <summary>A user with a browser without script. The browser keeps cookies, follows redirects to every address, and fills in forms.</summary>
internal sealed class Person : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() });

    /// <summary>All addresses that the browser opened.</summary>
    public List<Uri> Visited { get; } = [];

    public Task<Page> OpenAsync(Uri url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Sends the first form of a page.</summary>
    public Task<Page> SubmitAsync(Page page, params (string Name, string Value)[] filled)
    {
        var form = page.Document.QuerySelector("form") ?? throw new InvalidOperationException($"{page.Url} has no form: {page.Body}");
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(input => input.Name is { Length: > 0 } && (input.Type != "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in filled)
            fields[name] = value;
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(page.Url, form.GetAttribute("action"))) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>Goes from the start address of an app, through login and consent, to the first page of the app.</summary>
    public async Task<Page> SignInAsync(Uri start)
    {
        var page = await OpenAsync(start);
        if (page.HasForm("login"))
            page = await SubmitAsync(page, ("username", "alice"), ("password", "Correct-Horse-7-Battery"), ("action", "login"));
        return page.HasForm("consent") ? await SubmitAsync(page, ("action", "allow")) : page;
    }

    public void Dispose() => http.Dispose();

    private async Task<Page> SendAsync(HttpRequestMessage request)
    {
        while (true)
        {
            var url = request.RequestUri!;
            Visited.Add(url);
            HttpResponseMessage answer;
            try
            {
                answer = await http.SendAsync(request);
            }
            catch (HttpRequestException) when (request.Method == HttpMethod.Get && url.Query.Contains("code=", StringComparison.Ordinal))
            {
                return new Page(url, HttpStatusCode.NotFound, ""); // the redirect URI of an app that does not run here
            }
            using (answer)
            {
                if (answer.Headers.Location is null)
                    return new Page(url, answer.StatusCode, await answer.Content.ReadAsStringAsync());
                request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, answer.Headers.Location));
            }
        }
    }
}

internal sealed record Page(Uri Url, HttpStatusCode Status, string Body)
{
    public IHtmlDocument Document => new HtmlParser().ParseDocument(Body);

    public bool HasForm(string action) => Document.QuerySelector($"form[action='{action}']") is not null;
}
