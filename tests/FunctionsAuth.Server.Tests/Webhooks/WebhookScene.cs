using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Webhooks;

/// <summary>What came in at a webhook.</summary>
public sealed record Received(string Id, string Timestamp, string Signature, string? ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>Verifies as a receiver does, without any code of the server.</summary>
    public bool IsSignedWith(string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
        return Signature.Split(' ').Contains(expected);
    }
}

/// <summary>A server, and a system that it tells of events, on a web server of its own.</summary>
public sealed class WebhookScene : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> received = new();

    private WebhookScene(RunningServer server, ClientHost host, TestStorage storage) => (Server, Host, Storage) = (server, host, storage);

    public RunningServer Server { get; }

    public ClientHost Host { get; }

    public TestStorage Storage { get; }

    public WebhookService Webhooks => Server.Get<WebhookService>();

    public IReadOnlyList<Received> Received => [.. received];

    /// <summary>What the receiver answers.</summary>
    public int Status { get; set; } = StatusCodes.Status204NoContent;

    /// <param name="trusted">The host that may have a private address.</param>
    public static async Task<WebhookScene> StartAsync(BackEnd backEnd = BackEnd.Memory, string trusted = "127.0.0.1")
    {
        var storage = new TestStorage(backEnd);
        var server = await RunningServer.StartAsync(storage.Setup(("Fetch:TrustedHosts:0", trusted)) with
        {
            // So that a test counts what its own requests caused.
            Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
        });
        var scene = new WebhookScene(server, await ClientHost.StartAsync(), storage);
        scene.Host.Serve("/hook", scene.ReceiveAsync);
        return scene;
    }

    /// <summary>A webhook that is not stored yet.</summary>
    public Webhook New(params string[] types) => At(new Uri(Host.Url, "/hook"), types);

    public static Webhook At(Uri url, params string[] types) => new() { Id = "", Url = url, EventTypes = types };

    public Task<WebhookWithSecret> AddAsync(params string[] types) => Webhooks.CreateAsync(New(types), default);

    public async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(string webhookId) =>
        (await Webhooks.Deliveries.ListAsync(webhookId, ListRequest.First, default)).Items;

    /// <summary>Waits until the one delivery of a webhook is as it should be.</summary>
    public async Task<WebhookDelivery> DeliveryAsync(string webhookId, Func<WebhookDelivery, bool> isSo)
    {
        await Patience.UntilAsync(async () => (await DeliveriesAsync(webhookId)) is [var one] && isSo(one));
        return Assert.Single(await DeliveriesAsync(webhookId));
    }

    public async Task<Received> ReceivedAsync(int count = 1)
    {
        await Patience.UntilAsync(() => received.Count >= count);
        Assert.Equal(count, received.Count);
        return Received[^1];
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        Assert.Equal("POST", http.Request.Method);
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers;
        received.Enqueue(new Received(headers["webhook-id"].Single()!, headers["webhook-timestamp"].Single()!, headers["webhook-signature"].Single()!, http.Request.ContentType, body));
        http.Response.StatusCode = Status;
    }
}
