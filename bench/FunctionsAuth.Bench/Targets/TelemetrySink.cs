using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Bench.Targets;

/// <summary>Takes what a server sends to Application Insights, and keeps none of it.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication app;

    private TelemetrySink(WebApplication app) => this.app = app;

    public string ConnectionString => $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={app.Urls.Single()}/;LiveEndpoint={app.Urls.Single()}/";

    public static async Task<TelemetrySink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapFallback("{*path}", async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            await http.Response.WriteAsync("""{"itemsReceived":1,"itemsAccepted":1,"errors":[]}""", http.RequestAborted);
        });
        await app.StartAsync();
        return new TelemetrySink(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
