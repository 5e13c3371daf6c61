using System.Text.Json.Nodes;
using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.WorkerHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Samples.Tests.Harness;

/// <summary>One server with the clients and users of LocalHost, and the samples that listen. Each is started once for all tests.</summary>
public sealed class Shop : IAsyncLifetime
{
    private WebApplication server = null!;
    private SampleProcess api = null!;
    private SampleProcess web = null!;
    private FunctionsHost functions = null!;
    private int tokenRequests;

    public Uri Issuer { get; } = NewUrl();

    /// <summary>The address of samples/aspnetcore-api. It is also the identifier of the Orders API.</summary>
    public Uri Api { get; } = NewUrl();

    /// <summary>The address of samples/functions-api, which is the same API.</summary>
    public Uri Functions { get; } = NewUrl();

    public Uri Web { get; } = NewUrl();

    /// <summary>The number of requests that the token endpoint has received.</summary>
    public int TokenRequests => Volatile.Read(ref tokenRequests);

    /// <summary>The environment variables of a sample that runs and ends.</summary>
    internal Dictionary<string, string> Environment => new() { ["ISSUER"] = Text(Issuer), ["API"] = Text(Api) };

    private Dictionary<string, string> ApiEnvironment => new() { ["ISSUER"] = Text(Issuer), ["RESOURCE"] = Text(Api) };

    public async Task InitializeAsync()
    {
        var starting = FunctionsHost.StartAsync(new HostedApp(Repository.BuiltSample("functions-api"), Functions, ApiEnvironment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)));
        api = new SampleProcess("aspnetcore-api", new(ApiEnvironment) { ["ASPNETCORE_URLS"] = Text(Api) });
        web = new SampleProcess("aspnetcore-web", new(Environment) { ["ASPNETCORE_URLS"] = Text(Web), ["ASPNETCORE_ENVIRONMENT"] = "Development" });
        server = LocalServer.Build(new LocalServerOptions { Url = Issuer }, builder => builder.Logging.ClearProviders());
        server.Use((http, next) =>
        {
            if (http.Request.Path == "/token")
                Interlocked.Increment(ref tokenRequests);
            return next(http);
        });
        await LocalServer.StartAsync(server, async () => await LocalServer.ImportAsync(server.Services, await SamplesAsync()));
        functions = await starting;
        await functions.WarmUpAsync(new Uri(Functions, ".well-known/oauth-protected-resource"));
        await Task.WhenAll(api.LineAsync("Now listening"), web.LineAsync("Now listening"));
    }

    public async Task DisposeAsync()
    {
        web?.Dispose();
        api?.Dispose();
        if (functions is not null)
            await functions.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>
    /// The samples of LocalHost, with the addresses of this run. The access tokens of the web app expire so soon that it must refresh them at each request.
    /// </summary>
    private async Task<string> SamplesAsync()
    {
        var json = await File.ReadAllTextAsync(Repository.PathOf("src", "FunctionsAuth.LocalHost", "Samples", "samples.json"));
        var samples = JsonNode.Parse(json
            .Replace("{issuer}", Text(Issuer), StringComparison.Ordinal)
            .Replace("http://localhost:5080", Text(Api), StringComparison.Ordinal)
            .Replace("http://localhost:5010", Text(Web), StringComparison.Ordinal))!;
        samples["clients"]!.AsArray().Single(client => (string?)client!["client_id"] == "sample-aspnetcore")!["access_token_lifetime"] = 60;
        return samples.ToJsonString();
    }

    private static Uri NewUrl() => new($"http://localhost:{FreePort.Find()}");

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);
}

[CollectionDefinition(Name)]
public sealed class ShopTests : ICollectionFixture<Shop>
{
    public const string Name = "One shop";
}
