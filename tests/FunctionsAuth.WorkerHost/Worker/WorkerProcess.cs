using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FunctionsAuth.WorkerHost.Worker;

/// <summary>The app's own process, started with the arguments and the environment that the Functions host gives it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int Sigterm = 15;

    private readonly Process process;

    /// <param name="folder">Of the published app.</param>
    /// <param name="host">Where the host listens for gRPC.</param>
    /// <param name="settings">Application settings: environment variables.</param>
    public WorkerProcess(string folder, Uri host, string workerId, IReadOnlyDictionary<string, string?> settings)
    {
        process = new Process { StartInfo = StartInfo(folder, host, workerId), EnableRaisingEvents = true };
        foreach (var (name, value) in settings)
            process.StartInfo.Environment[name] = value;
        process.OutputDataReceived += (_, line) => AddTo(Output, line.Data);
        process.ErrorDataReceived += (_, line) => AddTo(Errors, line.Data);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult(process.ExitCode);
        Exit = exited.Task;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its exit code, when it has ended.</summary>
    public Task<int> Exit { get; }

    /// <summary>What it writes to stdout.</summary>
    public Lines<string> Output { get; } = new();

    /// <summary>What it writes to stderr, which the host logs line by line.</summary>
    public Lines<string> Errors { get; } = new();

    /// <summary>Asks it to end, as a container is asked that is no longer needed.</summary>
    public void Terminate()
    {
        if (kill(process.Id, Sigterm) != 0)
            throw new InvalidOperationException($"Process {process.Id} can't be told to end: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Ends it if it has not ended by itself.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string folder, Uri host, string workerId)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "worker.config.json")));
        var program = Path.Combine(folder, config.RootElement.GetProperty("description").GetProperty("defaultWorkerPath").GetString()!);
        var (requestId, maxLength) = (Guid.NewGuid().ToString(), int.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ProcessStartInfo(
            Dotnet.Path,
            [
                program,
                "--host", host.Host, "--port", $"{host.Port}", "--workerId", workerId, "--requestId", requestId, "--grpcMaxMessageLength", maxLength,
                "--functions-uri", host.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", requestId, "--functions-grpc-max-message-length", maxLength,
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
            },
        };
    }

    private static void AddTo(Lines<string> lines, string? line)
    {
        if (line is not null)
            lines.Add(line);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
