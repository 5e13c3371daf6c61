using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost;

/// <summary>Pages that only this host has: what it is (<c>/</c>), a client to try it with (<c>/demo</c>), and the mail that it sent (<c>/mail</c>).</summary>
public static class Site
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
        "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Maps <c>GET /</c>, <c>GET /demo</c> and its files, and <c>GET /mail</c> where mail goes nowhere else.</summary>
    public static void MapSite(this IEndpointRouteBuilder app, SiteFacts facts)
    {
        var index = IndexPage.Render(Read("index.html"), facts);
        var demo = Read("demo.html").Replace("{{client}}", HtmlEncoder.Default.Encode(facts.DemoClientId), StringComparison.Ordinal);
        var files = new Dictionary<string, (string ContentType, string Text)>(StringComparer.Ordinal)
        {
            ["demo.js"] = ("text/javascript; charset=utf-8", Read("demo.js")),
            ["site.css"] = ("text/css; charset=utf-8", Read("site.css")),
        };

        app.MapGet("/", (HttpContext http) => Write(http, index, "text/html; charset=utf-8"));
        app.MapGet("/demo", (HttpContext http) => Write(http, demo, "text/html; charset=utf-8"));
        app.MapGet("/demo/{file}", (HttpContext http, string file) => files.TryGetValue(file, out var asset)
            ? Write(http, asset.Text, asset.ContentType)
            : Results.NotFound());
        app.MapMail();
    }

    /// <summary>Shows what was sent, unless it went to a mail server.</summary>
    public static void MapMail(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<LocalMailbox>() is not { } mailbox)
            return;
        var template = Read("mail.html");
        // A page of somebody else whose name suddenly means this machine gets nothing (DNS rebinding).
        app.MapGet("/mail", (HttpContext http) => IsOfThisMachine(http.Request.Host)
            ? Write(http, MailPage.Render(template, mailbox.Sent), "text/html; charset=utf-8")
            : Results.NotFound());
    }

    private static bool IsOfThisMachine(HostString host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && ThisMachine.IsHostOf(uri);

    private static IResult Write(HttpContext http, string text, string contentType)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store"; // The address of the demo page carries a code.
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Text(text, contentType, Encoding.UTF8);
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
