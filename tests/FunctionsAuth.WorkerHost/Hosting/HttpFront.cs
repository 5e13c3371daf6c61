using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FunctionsAuth.WorkerHost.Protocol;
using FunctionsAuth.WorkerHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsAuth.WorkerHost.Hosting;

/// <summary>
/// Where clients come to. A request goes to the worker twice at the same time: as an invocation on the stream, and as itself to the
/// address where the worker listens. A header tells the worker that both are one.
/// </summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    private const int ConnectTries = 100;

    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(50);

    // As the host sets it: 200 MB.
    private const long MaxBody = 210_000_000;

    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync });
    private readonly WorkerChannel channel;
    private readonly string worker;
    private readonly WebApplication app;
    private readonly IHttpForwarder forwarder;

    /// <param name="worker">Where the worker listens for HTTP.</param>
    public HttpFront(Uri url, X509Certificate2? certificate, WorkerChannel channel, string worker, IEnumerable<HostedFunction> functions)
    {
        (this.channel, this.worker) = (channel, worker);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddHttpForwarder();
        builder.WebHost.UseKestrelCore().UseUrls(url.GetLeftPart(UriPartial.Authority)).UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        });
        app = builder.Build();
        forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        foreach (var function in functions)
        {
            var route = app.Map(function.Route ?? function.Name, http => InvokeAsync(http, function)).WithMetadata(new SuppressLinkGenerationMetadata());
            // Without a list the host takes every method.
            if (function.Methods.Count > 0)
                route.WithMetadata(new HttpMethodMetadata(function.Methods.Select(method => method.ToUpperInvariant())));
        }
        // The host knows no 405, and says nothing else in its 404.
        app.MapFallback("{*path}", http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    public Task StartAsync() => app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
    }

    private async Task InvokeAsync(HttpContext http, HostedFunction function)
    {
        var invocation = NewInvocation(http, function);
        // It replaces a client's own value, as hosts do since mid-2025 (docs/functions-host.md).
        http.Request.Headers[InvocationIdHeader] = invocation.InvocationId;
        var forwarding = forwarder.SendAsync(http, worker, client, Forwarding).AsTask();
        var invoking = channel.InvokeAsync(invocation, function.Name);
        await using var cancelling = http.RequestAborted.Register(
            () => channel.Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation.InvocationId } }));
        var isForwarded = await forwarding == ForwarderError.None;
        if (!((await invoking).HasSucceeded && isForwarded) && !http.Response.HasStarted)
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    /// <summary>The worker says that it has loaded its functions before its web server listens. As the host does, this tries again.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException || tries == ConnectTries)
                    throw;
            }
            await Task.Delay(ConnectPause, cancellation);
        }
    }

    private static InvocationRequest NewInvocation(HttpContext http, HostedFunction function)
    {
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = new TypedData { Http = new RpcHttp() } } },
            TriggerMetadata =
            {
                ["Headers"] = Json(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())),
                ["Query"] = Json(http.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString())),
            },
            TraceContext = new RpcTraceContext { TraceParent = Activity.Current?.Id ?? "", TraceState = Activity.Current?.TraceStateString ?? "" },
        };
        foreach (var (name, value) in http.Request.RouteValues.Where(pair => pair.Value is not null))
            invocation.TriggerMetadata[name] = new TypedData { String = value!.ToString() };
        return invocation;
    }

    private static TypedData Json(Dictionary<string, string> values) => new() { Json = JsonSerializer.Serialize(values) };
}
