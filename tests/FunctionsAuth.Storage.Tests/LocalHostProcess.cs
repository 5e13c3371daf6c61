using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Storage.Tests;

/// <summary>A LocalHost that runs as a process of its own on a free port.</summary>
public sealed class LocalHostProcess : IDisposable
{
    /// <summary>Ends a test that would hang, however busy the machine is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<string?> said = new();
    private readonly HttpClient http = new() { Timeout = Patience };
    private readonly Process process;
    private readonly string url = $"http://localhost:{FreePort.Find()}";

    private LocalHostProcess(IEnumerable<string> options)
    {
        process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "FunctionsAuth.LocalHost.dll"), "run", "--url", url, .. options])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', said);

    /// <returns>Once it can sign.</returns>
    public static async Task<LocalHostProcess> StartAsync(params IEnumerable<string> options)
    {
        var server = new LocalHostProcess(options);
        try
        {
            await server.KidsAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>What its JWKS has, in order.</summary>
    public async Task<IReadOnlyList<string>> KidsAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            Assert.False(process.HasExited || waited.Elapsed > Patience, Output);
            try
            {
                using var answer = await http.GetAsync(new Uri($"{url}/.well-known/jwks.json"));
                // 503 while the keys are made.
                if (answer.IsSuccessStatusCode)
                    return [.. (await ReadAsync(answer)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal)];
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }

    public async Task<JsonElement> PostAsync(string route, HttpContent content)
    {
        using var answer = await http.PostAsync(new Uri($"{url}/{route}"), content);
        return await ReadAsync(answer);
    }

    public void Dispose()
    {
        http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
