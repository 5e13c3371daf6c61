using System.Reflection;
using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The parts of a server that a test can change before the start.</summary>
public sealed record ServerSetup
{
    /// <summary>Settings by name, such as <c>Lifetimes:RefreshTokenGrace</c>.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    /// <summary>The tables; in memory unless the test sets others.</summary>
    public Func<TimeProvider, TableServiceClient> Tables { get; init; } = clock => new MemoryTableServiceClient(clock);

    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>The folder of the keys, which replace those of the vault; null for keys in memory.</summary>
    public string? KeyFolder { get; init; }

    /// <summary>The time at the start; null for the usual start time of the test clock.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Whether clients.json is written to the tables at the start.</summary>
    public bool Import { get; init; } = true;

    /// <summary>The same setup with more settings.</summary>
    public ServerSetup With(params IEnumerable<(string Name, string? Value)> settings)
    {
        var all = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        return this with { Settings = all };
    }
}

/// <summary>
/// The server in this process: LocalHost's composition on a test server, with a clock that the test moves. Tests use it like clients do, by HTTP.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    public const string Issuer = "https://login.example";
    public const string Password = "Correct-Horse-7-Battery";

    // The hash costs as much as in production, so it is computed only once.
    private static readonly Lazy<string> PasswordHash = new(() => new PasswordHasher<User>(
        Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }))
        .HashPassword(new User { Subject = "", Username = "" }, Password));

    /// <summary>The hash of <see cref="Password"/> in the form of an import file.</summary>
    public static string HashOfPassword => PasswordHash.Value;

    private readonly WebApplication app;

    private RunningServer(WebApplication app, TestClock clock, LogLines log)
    {
        this.app = app;
        Clock = clock;
        Log = log;
        Http = app.GetTestClient();
        Http.BaseAddress = new Uri(Issuer);
        Http.Timeout = Patience.Limit;
    }

    /// <summary>A client without cookies.</summary>
    public HttpClient Http { get; }

    public TestClock Clock { get; }

    /// <summary>All log lines.</summary>
    public LogLines Log { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<RunningServer> StartAsync(ServerSetup? setup = null)
    {
        setup ??= new ServerSetup();
        var clock = new TestClock();
        if (setup.Now is { } now)
            clock.Advance(now - clock.GetUtcNow());
        var log = new LogLines();
        var settings = new Dictionary<string, string?>(setup.Settings);
        settings.TryAdd("Issuer", Issuer);
        var app = LocalServer.Build(new LocalServerOptions { Settings = settings, KeyFolder = setup.KeyFolder }, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton(setup.Tables(clock));
            setup.Services?.Invoke(builder.Services);
        });
        if (setup.Import)
            await LocalServer.ImportAsync(app.Services, ReadClients());
        await app.StartAsync();
        return new RunningServer(app, clock, log);
    }

    /// <summary>A message handler for the HttpClient of a library.</summary>
    public HttpMessageHandler CreateHandler() => app.GetTestServer().CreateHandler();

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private static string ReadClients()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("clients.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{hash}", PasswordHash.Value, StringComparison.Ordinal);
    }
}
