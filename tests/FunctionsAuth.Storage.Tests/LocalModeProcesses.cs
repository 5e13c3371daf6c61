using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Real processes that use one folder of keys.</summary>
public sealed class LocalModeProcesses : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"functionsauth-local-{Guid.NewGuid():N}");
    private readonly List<Process> processes = [];

    public void Dispose()
    {
        foreach (var process in processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("Keys:Mode=local")]
    [InlineData("Keys:Mode=vault")] // LocalHost's own way of using a folder
    public async Task Three_first_starts_at_the_same_moment_agree_on_one_key_of_each_type(string mode)
    {
        var kids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(mode)));
        Assert.Equal(2, kids[0].Count);
        Assert.All(kids, set => Assert.Equal(kids[0], set));
        Assert.Equal(2, Directory.GetFiles(folder, "*.pem", SearchOption.AllDirectories).Length);
    }

    /// <returns>The kids that the process publishes.</returns>
    private async Task<IReadOnlyList<string>> StartAsync(string mode)
    {
        var url = $"http://localhost:{FreePort()}";
        ConcurrentQueue<string?> said = new();
        var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "FunctionsAuth.LocalHost.dll"), "run", "--url", url, "--keys", folder, "--set", mode])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        lock (processes)
            processes.Add(process);
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var client = new HttpClient();
        while (true)
        {
            Assert.False(process.HasExited, string.Join('\n', said));
            try
            {
                using var answer = await client.GetAsync(new Uri($"{url}/.well-known/jwks.json"));
                // 503 while the keys are made.
                if (answer.IsSuccessStatusCode)
                    return KidsOf(await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(50);
        }
    }

    private static IReadOnlyList<string> KidsOf(string set) =>
        [.. JsonDocument.Parse(set).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal)];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
