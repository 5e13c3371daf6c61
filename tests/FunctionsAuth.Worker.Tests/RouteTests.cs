using System.Reflection;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Worker.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Worker.Tests;

/// <summary>The list of functions is taken from the app's assembly, so that none is forgotten.</summary>
[Collection(SharedWorkerTests.Name)]
public sealed class RouteTests(SharedWorker shared, LocalTwin twin) : IClassFixture<LocalTwin>
{
    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string Name, HttpTriggerAttribute? Http, TimerTriggerAttribute? Timer)[] Declared =
    [
        .. from type in typeof(ServerServices).Assembly.GetExportedTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let triggers = method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes())
           select (function.Name, triggers.OfType<HttpTriggerAttribute>().SingleOrDefault(), triggers.OfType<TimerTriggerAttribute>().SingleOrDefault()),
    ];

    public static TheoryData<string> HttpFunctions => [.. Declared.Where(function => function.Http is not null).Select(function => function.Name)];

    [WorkerFact]
    public async Task The_worker_tells_its_host_of_every_function_as_the_code_declares_it()
    {
        var worker = await shared.GetAsync();
        Assert.Equal(
            Declared.Select(function => (function.Name, function.Http?.Route, function.Timer?.Schedule, string.Join(' ', function.Http?.Methods ?? []))).Order(),
            worker.Host.Functions.Select(function => (function.Name, function.Route, function.Schedule, string.Join(' ', function.Methods))).Order());
    }

    [WorkerTheory]
    [MemberData(nameof(HttpFunctions))]
    public async Task Every_function_answers_as_on_LocalHost(string function)
    {
        var (worker, local) = (await shared.GetAsync(), await twin.OfAsync(await shared.GetAsync()));
        Assert.Equal(await AnswerAsync(local, function), await AnswerAsync(worker.Http, function));
    }

    [WorkerTheory]
    [MemberData(nameof(HttpFunctions))]
    public async Task Every_function_answers_every_method_as_on_LocalHost(string function)
    {
        var (worker, local) = (await shared.GetAsync(), await twin.OfAsync(await shared.GetAsync()));
        var path = (await RouteRequests.ForAsync(function, RouteOf(function), local)).RequestUri!;
        foreach (var method in Methods)
            Assert.Equal(await AnswerAsync(local, method, path), await AnswerAsync(worker.Http, method, path));
    }

    private static string RouteOf(string function) => Declared.Single(one => one.Name == function).Http!.Route!;

    private static async Task<string> AnswerAsync(HttpClient http, string function) =>
        await Answer.TextOfAsync(await http.SendAsync(await RouteRequests.ForAsync(function, RouteOf(function), http)));

    /// <summary>From another site, as a browser asks before it sends what is not simple.</summary>
    private static async Task<string> AnswerAsync(HttpClient http, string method, Uri path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", "https://app.example" } } };
        if (method == "OPTIONS")
            request.Headers.Add("Access-Control-Request-Method", "POST");
        return $"{method} {path}\n{await Answer.TextOfAsync(await http.SendAsync(request))}";
    }
}

/// <summary>A LocalHost that has the issuer and the settings of a worker, and the same sample data in memory.</summary>
public sealed class LocalTwin : IAsyncLifetime
{
    private WebApplication? app;
    private HttpClient? http;

    internal async Task<HttpClient> OfAsync(RunningWorker worker)
    {
        if (http is not null)
            return http;
        var options = Workers.Options();
        var issuer = KeyValuePair.Create("Issuer", (string?)worker.Options.Url.AbsoluteUri.TrimEnd('/'));
        app = LocalServer.Build((options with { ConnectionString = null, KeyFolder = null, Settings = worker.Options.Settings }).With([issuer]));
        await LocalServer.StartAsync(app, () => LocalServer.ImportSamplesAsync(app.Services));
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = options.Url };
        // Its issuer is the worker's: people come to both by that host.
        http.DefaultRequestHeaders.Host = worker.Options.Url.Authority;
        return http;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        http?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
    }
}
