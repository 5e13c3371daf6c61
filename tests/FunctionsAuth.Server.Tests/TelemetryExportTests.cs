using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests;

/// <summary>Metrics and activities reach a collector: a server in a process of its own, as the variables are the process's.</summary>
public sealed class TelemetryExportTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> received = new();
    private ClientHost collector = null!;

    public async Task InitializeAsync()
    {
        collector = await ClientHost.StartAsync();
        foreach (var path in (string[])["/v1/metrics", "/v1/traces"])
            collector.Serve(path, http => KeepAsync(path, http));
    }

    public async Task DisposeAsync() => await collector.DisposeAsync();

    [Fact]
    public async Task A_collector_hears_of_token_requests_and_of_what_they_did()
    {
        using var server = Start(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.AbsoluteUri), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"), ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        try
        {
            await AskAsync(server.Port);
            await Patience.UntilAsync(() => Received("/v1/metrics").Contains("functionsauth.token_requests", StringComparison.Ordinal) && Received("/v1/traces").Contains("TokenEndpoint", StringComparison.Ordinal));
        }
        finally
        {
            server.Process.Kill();
        }
    }

    [Fact]
    public async Task Application_Insights_gets_each_line_once_with_its_event_however_many_there_are_at_once()
    {
        collector.Serve("/v2.1/track", http => KeepAsync("track", http));
        using var server = Start(("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={collector.Url};LiveEndpoint={collector.Url}"));
        try
        {
            await AskAsync(server.Port);
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => RegisterAsync(server.Port)));
            await Patience.UntilAsync(() => Lines("6001").Length >= 30);
            Assert.Equal(30, Lines("6001").Distinct().Count());
            Assert.All(Lines("6001"), line => Assert.Matches("\"message\":\"Client .+ registered itself\"", line));
            // The meter is sent once a minute, and when the server ends.
            using var ending = Process.Start("kill", ["-TERM", $"{server.Process.Id}"]);
            await Patience.UntilAsync(() => Received("track").Contains("functionsauth.token_requests", StringComparison.Ordinal));
        }
        finally
        {
            server.Process.Kill();
        }

        string[] Lines(string id) => [.. Received("track").Split('\n').Where(line => line.Contains($"\"EventId\":\"{id}\"", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Without_a_collector_nothing_of_it_is_loaded()
    {
        await using var server = await RunningServer.StartAsync();
        (await new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk();
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    private string Received(string path) => received.GetValueOrDefault(path, "");

    /// <summary>The names in it are plain text, whatever is around them.</summary>
    private async Task KeepAsync(string path, HttpContext http)
    {
        using var body = new MemoryStream();
        var isCompressed = http.Request.Headers.ContentEncoding == "gzip";
        await using var content = isCompressed ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        await content.CopyToAsync(body);
        var text = Encoding.Latin1.GetString(body.ToArray());
        received.AddOrUpdate(path, text, (_, former) => former + text);
    }

    private static RunningProcess Start(params (string Name, string Value)[] variables)
    {
        var port = FreePort.Find();
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(LocalServer).Assembly.Location, "run", "--url", $"http://localhost:{port}"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return new RunningProcess(process, port);
    }

    private static async Task AskAsync(int port)
    {
        using var http = new HttpClient { Timeout = Patience.Limit };
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            try
            {
                // Refused, and so counted.
                using var answer = await http.PostAsync(new Uri($"http://localhost:{port}/token"), new FormUrlEncodedContent([new("client_id", "demo-spa"), new("grant_type", "refresh_token"), new("refresh_token", "x")]), patience.Token);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    private static async Task RegisterAsync(int port)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(new Uri($"http://localhost:{port}/register"), new { redirect_uris = (string[])["http://localhost/callback"], token_endpoint_auth_method = "none" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private sealed record RunningProcess(Process Process, int Port) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }
}
