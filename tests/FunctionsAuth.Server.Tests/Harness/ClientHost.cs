using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A web server of a client on this machine: the content of its paths, and the number of requests for each.</summary>
public sealed class ClientHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = new();
    private readonly ConcurrentQueue<string> requests = new();

    private ClientHost(WebApplication app) => this.app = app;

    public Uri Url { get; private set; } = null!;

    public static async Task<ClientHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var host = new ClientHost(app);
        app.Run(host.AnswerAsync);
        await app.StartAsync();
        host.Url = new Uri(app.Urls.Single());
        return host;
    }

    public void Serve(string path, string content, string mediaType = "application/json", string? cacheControl = null) => Serve(path, http =>
    {
        http.Response.ContentType = mediaType;
        if (cacheControl is not null)
            http.Response.Headers.CacheControl = cacheControl;
        return http.Response.WriteAsync(content);
    });

    public void Serve(string path, RequestDelegate answer) => answers[path] = answer;

    public int RequestsFor(string path) => requests.Count(request => request == path);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        requests.Enqueue(path);
        if (answers.TryGetValue(path, out var answer))
            return answer(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
