using System.Collections.Concurrent;
using FunctionsAuth.Dev.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Conformance.Client;

/// <summary>The web server of all clients: redirect URIs, key sets, request objects, logout addresses.</summary>
public sealed class ClientSite
{
    private static readonly Lazy<Task<ClientSite>> Started = new(StartAsync);

    private readonly ConcurrentDictionary<string, Inbox> inboxes = new();

    private ClientSite(Uri url) => Url = url;

    /// <summary>Where it listens. The server trusts it because both are on localhost.</summary>
    public Uri Url { get; }

    public static Task<ClientSite> InstanceAsync() => Started.Value;

    /// <summary>An empty inbox for a module; the modules of one plan run one after the other.</summary>
    public Inbox Open(string alias) => inboxes[alias] = new Inbox(alias, Url);

    private static async Task<ClientSite> StartAsync()
    {
        var site = new ClientSite(new Uri($"http://localhost:{FreePort.Find()}"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(site.Url.OriginalString);
        var app = builder.Build();
        app.Run(site.AnswerAsync);
        await app.StartAsync();
        return site;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var parts = http.Request.Path.Value!.Split('/', 3);
        if (parts.Length < 3 || !inboxes.TryGetValue(parts[1], out var inbox))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        inbox.Add(new Received(http.Request.Method, parts[2], http.Request.QueryString.Value ?? "", http.Request.ContentType, body));
        if (inbox.Find(parts[2]) is not { } document)
            return;
        http.Response.ContentType = document.MediaType;
        await http.Response.WriteAsync(document.Content);
    }
}
