using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.WorkerHost.Hosting;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>Starts workers, each with its own tables and keys.</summary>
internal static class Workers
{
    /// <summary>The usual settings of a worker: LocalHost's samples in Azurite, keys in a folder.</summary>
    public static LocalServerOptions Options() => new()
    {
        Url = new Uri($"http://localhost:{FreePort.Find()}"),
        ConnectionString = TestStorage.ConnectionString,
        KeyFolder = KeyFiles.NewFolder(),
        Settings = new Dictionary<string, string?> { ["Storage:TablePrefix"] = NewTablePrefix() },
    };

    public static LocalServerOptions With(this LocalServerOptions options, IEnumerable<KeyValuePair<string, string?>> settings) =>
        options with { Settings = options.Settings.Concat(settings).ToDictionary() };

    public static string NewTablePrefix() => $"w{Guid.NewGuid():n}";

    public static async Task<RunningWorker> StartAsync(LocalServerOptions options)
    {
        if (options.KeyFolder is { } folder)
            await KeyFiles.EnsureAsync(folder);
        var worker = new RunningWorker(options, await FunctionsHost.StartAsync(options));
        await worker.Host.WarmUpAsync(new Uri(options.Url, "health"));
        return worker;
    }
}

/// <summary>A worker with its host, and the settings with which it was started.</summary>
internal sealed class RunningWorker(LocalServerOptions options, FunctionsHost host) : IAsyncDisposable
{
    public FunctionsHost Host => host;

    public LocalServerOptions Options => options;

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = options.Url };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await host.DisposeAsync();
        if (Directory.Exists(options.KeyFolder))
            Directory.Delete(options.KeyFolder, recursive: true);
    }
}

/// <summary>One worker for all tests that change nothing in it.</summary>
public sealed class SharedWorker : IAsyncLifetime
{
    private readonly Lazy<Task<RunningWorker>> worker = new(() => Workers.StartAsync(Workers.Options().With(EverythingOn)));

    /// <summary>Turns all features on, so that every route has an answer to compare.</summary>
    private static Dictionary<string, string?> EverythingOn => new()
    {
        ["Registration:Mode"] = "open",
        ["SelfRegistration"] = "true",
        ["SessionManagement"] = "true",
        // No program listens there, and none of these tests waits for a mail.
        ["Mail:Host"] = "127.0.0.1",
        ["Mail:Port"] = "9",
        ["Mail:From"] = "no-reply@login.example",
    };

    /// <summary>The worker starts only when a test asks for it. Without a storage account, no test does.</summary>
    internal Task<RunningWorker> GetAsync() => worker.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (worker.IsValueCreated)
            await (await worker.Value).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedWorkerTests : ICollectionFixture<SharedWorker>
{
    public const string Name = "One worker";
}
