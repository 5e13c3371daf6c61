using System.Net;
using System.Net.Sockets;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>A proxy in front of the storage account. While it is closed, the operations of the worker on its tables wait.</summary>
internal sealed class StorageGate : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Uri storage;
    private readonly Task serving;
    private volatile TaskCompletionSource? closed;
    private TaskCompletionSource reached = NewSource();

    public StorageGate()
    {
        var parts = TestStorage.ConnectionString!.Split(';').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1]);
        storage = new Uri(parts["TableEndpoint"]);
        listener.Start();
        var endpoint = new UriBuilder(storage) { Host = IPAddress.Loopback.ToString(), Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        parts["TableEndpoint"] = endpoint.Uri.AbsoluteUri;
        ConnectionString = string.Join(';', parts.Select(part => $"{part.Key}={part.Value}"));
        serving = ServeAsync();
    }

    /// <summary>The address of the same account, through the gate.</summary>
    public string ConnectionString { get; }

    /// <summary>Completes when an operation waits at the closed gate.</summary>
    public Task Reached => reached.Task;

    public void Close()
    {
        reached = NewSource();
        closed = NewSource();
    }

    public void Open()
    {
        closed?.SetResult();
        closed = null;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await serving;
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ConnectAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient worker)
    {
        using (worker)
        using (var tables = new TcpClient())
        {
            try
            {
                await tables.ConnectAsync(storage.Host, storage.Port, ending.Token);
                await Task.WhenAny(AskAsync(worker.GetStream(), tables.GetStream()), tables.GetStream().CopyToAsync(worker.GetStream(), ending.Token));
            }
            catch (OperationCanceledException)
            {
                // The test has ended.
            }
        }
    }

    private async Task AskAsync(NetworkStream worker, NetworkStream tables)
    {
        var buffer = new byte[16_384];
        while (await worker.ReadAsync(buffer, ending.Token) is > 0 and var length)
        {
            if (closed is { } gate)
            {
                reached.TrySetResult();
                await gate.Task.WaitAsync(ending.Token);
            }
            await tables.WriteAsync(buffer.AsMemory(0, length), ending.Token);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
