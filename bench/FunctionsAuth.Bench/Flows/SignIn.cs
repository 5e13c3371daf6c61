using System.Net;
using System.Web;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using FunctionsAuth.Bench.Load;

namespace FunctionsAuth.Bench.Flows;

/// <summary>Signs in as a person would, by whatever pages the server has, and allows what the app asks for.</summary>
internal static class SignIn
{
    private const int MostPages = 12;

    /// <returns>A code, and the cookies with which the next authorization request needs no page, as a header.</returns>
    public static async Task<(string Code, string Cookie)> RunAsync(Site site, string query)
    {
        var root = new Uri($"http://localhost:{site.Port}");
        var cookies = new CookieContainer();
        foreach (var cookie in site.Cookie.Replace("Cookie: ", "", StringComparison.Ordinal).Split("; ", StringSplitOptions.RemoveEmptyEntries))
            cookies.SetCookies(root, cookie);
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false });
        var answer = await http.GetAsync(new Uri(root, $"{site.Authorize}?{query}"));
        for (var page = 0; page < MostPages; page++)
        {
            if (answer.Headers.Location is { } location)
            {
                var next = new Uri(root, location);
                if (next.AbsoluteUri.StartsWith(Clients.RedirectUri, StringComparison.Ordinal))
                    return (HttpUtility.ParseQueryString(next.Query)["code"]!, $"Cookie: {cookies.GetCookieHeader(new Uri(root, site.Authorize))}");
                answer = await http.GetAsync(next);
            }
            else
            {
                answer = await SubmitAsync(http, root, await answer.Content.ReadAsStringAsync());
            }
        }
        throw new BenchException($"Signing in at {root} does not come to an end.");
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient http, Uri root, string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        var form = document.Forms.FirstOrDefault() ?? throw new BenchException($"A page without a form: {document.Body?.TextContent}");
        List<KeyValuePair<string, string>> fields = [];
        foreach (var input in form.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>().Where(input => input.Type != "checkbox"))
        {
            fields.Add(new(input.Name!, input.Type switch
            {
                "password" => Clients.Password,
                "hidden" or "submit" => input.Value,
                _ => Clients.Username,
            }));
        }
        // The first button is the one that Enter presses: it goes on.
        if (form.QuerySelector("button[name]") is IHtmlButtonElement button)
            fields.Add(new(button.Name!, button.Value));
        return http.PostAsync(new Uri(root, form.GetAttribute("action")), new FormUrlEncodedContent(fields));
    }
}
