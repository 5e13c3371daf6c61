using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost;

/// <summary>
/// Pages that only this host has: what the server is (<c>/</c>), a client to try it with (<c>/demo</c>), the guides (<c>/guides/</c>), and the
/// mail that it sent (<c>/mail</c>).
/// </summary>
public static class Site
{
    private const string Html = "text/html; charset=utf-8";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
        "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Maps the pages, and <c>GET /mail</c> where mail goes nowhere else.</summary>
    public static void MapSite(this IEndpointRouteBuilder app, SiteFacts facts)
    {
        var (index, guide) = (Read("index.html"), Read("guide.html"));
        var demo = Read("demo.html").Replace("{{client}}", HtmlEncoder.Default.Encode(facts.DemoClientId), StringComparison.Ordinal);
        var files = new Dictionary<string, (string ContentType, string Text)>(StringComparer.Ordinal)
        {
            ["demo.js"] = ("text/javascript; charset=utf-8", Read("demo.js")),
            ["site.css"] = ("text/css; charset=utf-8", Read("site.css")),
        };

        app.MapGet("/", async http => await WriteAsync(http, IndexPage.Render(index, facts, await RecordsAsync(http, facts)), Html));
        app.MapGet("/demo", http => WriteAsync(http, demo, Html));
        app.MapGet("/demo/{file}", http => files.TryGetValue(Path(http, "file"), out var asset) ? WriteAsync(http, asset.Text, asset.ContentType) : NotFound(http));
        app.MapPost("/demo/client", http => AddDemoAsync(http, facts));
        app.MapGet("/guides/{**path}", http => Guides.TryRender(guide, Path(http, "path"), out var html) ? WriteAsync(http, html, Html) : NotFound(http));
        app.MapMail();
    }

    /// <summary>Shows what was sent, unless it went to a mail server.</summary>
    public static void MapMail(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<LocalMailbox>() is not { } mailbox)
            return;
        var template = Read("mail.html");
        app.MapGet("/mail", http => IsOfThisMachine(http.Request.Host) ? WriteAsync(http, MailPage.Render(template, mailbox.Sent), Html) : NotFound(http));
    }

    private static async Task<SiteRecords?> RecordsAsync(HttpContext http, SiteFacts facts) =>
        facts.IsPrivate && IsOfThisMachine(http.Request.Host) ? await SiteRecords.LoadAsync(http.RequestServices, http.RequestAborted) : null;

    private static async Task AddDemoAsync(HttpContext http, SiteFacts facts)
    {
        if (!facts.IsPrivate || !IsOfThisMachine(http.Request.Host))
        {
            await NotFound(http);
        }
        else if (http.Request.Headers["Sec-Fetch-Site"] != "same-origin") // A page of somebody else can send this form, too. Browsers say where a form comes from.
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            await WriteAsync(http, "The demo client is added by the button on the page of this server.", "text/plain; charset=utf-8");
        }
        else
        {
            await SiteRecords.AddDemoAsync(http.RequestServices, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status303SeeOther; // A reload of the page behind it does not send the form again.
            http.Response.Headers.Location = "/demo";
        }
    }

    /// <summary>A page of somebody else whose name suddenly means this machine gets nothing (DNS rebinding).</summary>
    private static bool IsOfThisMachine(HostString host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && ThisMachine.IsHostOf(uri);

    private static string Path(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";

    private static Task NotFound(HttpContext http) => Results.NotFound().ExecuteAsync(http);

    private static Task WriteAsync(HttpContext http, string text, string contentType)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store"; // The address of the demo page carries a code.
        headers["Referrer-Policy"] = "no-referrer";
        http.Response.ContentType = contentType;
        return http.Response.WriteAsync(text, Encoding.UTF8, http.RequestAborted);
    }

    private static string Read(string name)
    {
        var resource = $"{typeof(Site).Namespace}.Site.{name}";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
