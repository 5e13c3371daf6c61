using System.Net;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.WorkerHost.Protocol;
using FunctionsAuth.WorkerHost.Worker;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.WorkerHost.Hosting;

/// <summary>
/// What the Functions host is to a worker, in small: it starts the published app as a process, learns its functions from it, sends it
/// invocations and forwards HTTP. The worker can't tell the two apart.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    // Any that has all of the protocol that is used here.
    private const string Version = "4.1044.0";

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    private readonly WorkerChannel channel;
    private readonly WebApplication rpc;
    private readonly WorkerProcess worker;
    private HttpFront? front;

    private FunctionsHost(WorkerChannel channel, WebApplication rpc, WorkerProcess worker) => (this.channel, this.rpc, this.worker) = (channel, rpc, worker);

    /// <summary>As the worker describes them.</summary>
    public IReadOnlyList<HostedFunction> Functions { get; private set; } = [];

    /// <summary>What was logged while the invocation was executing that it belongs to.</summary>
    public Lines<LogLine> Logs => channel.Logs;

    /// <summary>What the worker logged and no operator ever sees, because it belongs to no invocation that was executing.</summary>
    public Lines<LogLine> DroppedLogs => channel.DroppedLogs;

    /// <summary>How each invocation ended, in the order of their ends.</summary>
    public Lines<InvocationOutcome> Invocations => channel.Invocations;

    /// <summary>What the worker writes to stderr. The host logs it line by line.</summary>
    public Lines<string> Errors => worker.Errors;

    /// <summary>The worker's exit code, when it has ended.</summary>
    public Task<int> Exit => worker.Exit;

    /// <summary>Starts the worker, and listens for clients once it has loaded its functions.</summary>
    /// <param name="options">With a connection string, as a worker has no tables in memory, and with a folder of keys or a vault.</param>
    /// <param name="import">The clients and users that it begins with: an import file, or null for the samples.</param>
    public static async Task<FunctionsHost> StartAsync(LocalServerOptions options, string? import = null)
    {
        var publishing = PublishedApp.FolderAsync();
        var settings = await AppSetup.PrepareAsync(options, import);
        return await StartAsync(new HostedApp(await publishing, options.Url, settings, options.Certificate));
    }

    /// <summary>Starts the worker of any published app, and listens for clients once it has loaded its functions.</summary>
    public static async Task<FunctionsHost> StartAsync(HostedApp app)
    {
        var channel = new WorkerChannel();
        var rpc = await ListenAsync(channel);
        var worker = new WorkerProcess(app.Folder, new Uri(rpc.Urls.Single()), Guid.NewGuid().ToString(), app.Settings);
        var host = new FunctionsHost(channel, rpc, worker);
        try
        {
            await host.LoadAsync(app);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks until there is an answer. Host and worker wait 5 seconds for each other at each request, which is not long for the first one on
    /// a busy machine.
    /// </summary>
    /// <param name="address">Of a function that answers a GET with 200.</param>
    /// <exception cref="InvalidOperationException">The worker ended.</exception>
    public async Task WarmUpAsync(Uri address)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler);
        while (true)
        {
            using var answer = await OrExit(http.GetAsync(address));
            if (answer.IsSuccessStatusCode)
                return;
        }
    }

    /// <summary>Invokes a function that is no HTTP function.</summary>
    /// <param name="json">What the trigger is bound to.</param>
    /// <param name="triggerMetadata">What else the host says about why it is invoked.</param>
    public Task<InvocationOutcome> InvokeAsync(string name, string json, params IEnumerable<KeyValuePair<string, string>> triggerMetadata) =>
        InvokeAsync(name, new TypedData { Json = json }, triggerMetadata);

    /// <summary>Invokes a function whose trigger is a message of a queue.</summary>
    public Task<InvocationOutcome> InvokeWithMessageAsync(string name, string text) => InvokeAsync(name, new TypedData { String = text }, [new("QueueTrigger", text), new("DequeueCount", "1")]);

    private async Task<InvocationOutcome> InvokeAsync(string name, TypedData data, IEnumerable<KeyValuePair<string, string>> triggerMetadata)
    {
        var function = Functions.Single(function => function.Name == name);
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = data } },
            TraceContext = new RpcTraceContext(),
        };
        foreach (var (key, value) in triggerMetadata)
            invocation.TriggerMetadata[key] = new TypedData { String = value };
        return await channel.InvokeAsync(invocation, name);
    }

    /// <summary>The worker answers that it is there.</summary>
    public Task AskStatusAsync() => channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });

    /// <summary>Tells the worker to end, as the host does when it ends or restarts.</summary>
    public void TerminateWorker() =>
        channel.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(GracePeriod) } });

    /// <summary>Sends the worker's process the signal that tells a container to end.</summary>
    public void SignalWorker() => worker.Terminate();

    public async ValueTask DisposeAsync()
    {
        worker.Dispose();
        if (front is not null)
            await front.DisposeAsync();
        await rpc.DisposeAsync();
    }

    private async Task LoadAsync(HostedApp app)
    {
        await OrExit(channel.Started);
        var init = (await OrExit(channel.AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = Version, WorkerDirectory = app.Folder, FunctionAppDirectory = app.Folder, Capabilities = { ["MultiStream"] = "10" } },
        }))).WorkerInitResponse;
        Check(init.Result, "initialize");

        var index = (await OrExit(channel.AskAsync(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Folder } }))).FunctionMetadataResponse;
        Check(index.Result, "list its functions");
        foreach (var metadata in index.FunctionMetadataResults)
            Check((await OrExit(channel.AskAsync(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = metadata.FunctionId, Metadata = metadata } }))).FunctionLoadResponse.Result, $"load {metadata.Name}");

        Functions = [.. index.FunctionMetadataResults.Select(HostedFunction.From)];
        front = new HttpFront(app.Url, app.Certificate, channel, init.Capabilities["HttpUri"], Functions.Where(function => function.IsHttp));
        await front.StartAsync();
    }

    /// <summary>A worker that ends instead of answering says why on stderr.</summary>
    private async Task<T> OrExit<T>(Task<T> answer)
    {
        await OrExit((Task)answer);
        return await answer;
    }

    private async Task OrExit(Task answer)
    {
        if (await Task.WhenAny(answer, Exit) != answer && !answer.IsCompletedSuccessfully)
            throw new InvalidOperationException($"The worker ended with {await Exit}.\n{string.Join('\n', Errors.All)}");
        await answer;
    }

    private static void Check(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"The worker did not {what}: {result.Exception?.Message}");
    }

    private static async Task<WebApplication> ListenAsync(WorkerChannel channel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddSingleton(channel).AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<WorkerChannel>();
        await app.StartAsync();
        return app;
    }
}
