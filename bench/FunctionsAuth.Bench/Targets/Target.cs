using System.Diagnostics;
using System.Net.Http.Json;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Bench.Targets;

/// <summary>A server in a process of its own, which ends with this object.</summary>
internal sealed class Target : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new();

    private readonly Process process;

    private Target(string name, int port, Process process) => (Name, Port, this.process) = (name, port, process);

    public string Name { get; }

    public int Port { get; }

    /// <summary>What the server took of the processor since it started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>What it said before it was ready.</summary>
    public string Stages { get; private init; } = "";

    public static Task<Target> FunctionsAuthAsync(string algorithm = "ES256", int storageLatency = 0, int signatureLatency = 0, int grants = 0) => StartAsync(
        "FunctionsAuth",
        port => Self("serve", "--port", port, "--algorithm", algorithm, "--storage-latency", $"{storageLatency}", "--signature-latency", $"{signatureLatency}", "--grants", $"{grants}"));

    /// <summary>With keys that it finds when it starts, as on every start but the first one.</summary>
    public static Task<Target> WithKeysAsync(string keys) => StartAsync("FunctionsAuth", port => Self("serve", "--port", port, "--keys", keys));

    public static Task<Target> BareAsync() => StartAsync("bare Kestrel", port => Self("bare", "--port", port));

    public static Task<Target> PeerAsync(Peer peer, string algorithm = "ES256") => StartAsync(peer.Name, port => peer.Start(port, algorithm));

    public Task<Figures> FiguresAsync(string query = "") => GetFiguresAsync(new Uri($"http://localhost:{Port}{FiguresEndpoint.Path}{query}"));

    /// <returns>Milliseconds.</returns>
    public Task<double> PruneAsync(int expired) => Http.GetFromJsonAsync<double>(new Uri($"http://localhost:{Port}{StoredGrants.PrunePath}?expired={expired}"));

    public async Task<StoredPasskey> AddPasskeyAsync() =>
        await Http.GetFromJsonAsync<StoredPasskey>(new Uri($"http://localhost:{Port}{StoredPasskey.Path}")) ?? throw new BenchException("No passkey.");

    public Task ClearAsync() => Http.GetStringAsync(new Uri($"http://localhost:{Port}{StoredGrants.ClearPath}"));

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<Target> StartAsync(string name, Func<string, ProcessStartInfo> describe)
    {
        var port = FreePort.Find();
        var start = describe($"{port}");
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var process = Process.Start(start) ?? throw new BenchException($"{name} can't be started.");
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);
        var stages = "";
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Targets.Stages.Prefix, StringComparison.Ordinal))
                stages = line[Targets.Stages.Prefix.Length..];
            if (line == "ready")
            {
                // A full pipe would stop it.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new Target(name, port, process) { Stages = stages };
            }
        }
        throw new BenchException($"{name} ended before it was ready.");
    }

    // Not where the command was called: bare Kestrel's host watches all folders below, and a repository has many.
    private static ProcessStartInfo Self(params string[] arguments) =>
        new(Environment.ProcessPath!, [typeof(Target).Assembly.Location, .. arguments]) { WorkingDirectory = AppContext.BaseDirectory };

    private static async Task<Figures> GetFiguresAsync(Uri address) => await Http.GetFromJsonAsync<Figures>(address) ?? throw new BenchException("No figures.");
}
