using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FunctionsAuth.Dev.Tools;

/// <summary>Processes that end together with this program.</summary>
internal static class Child
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly List<Process> Background = [];

    /// <summary>Runs a program in the foreground, on this terminal. If this program is told to stop, it asks the other one to stop, too.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string file, IEnumerable<string> arguments, CancellationToken stopping, string? workingDirectory = null)
    {
        using var process = Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = workingDirectory ?? "" });
        await EndAsync(process, process => Stop(process, Sigterm), stopping);
        return process.ExitCode;
    }

    /// <summary>Runs a program in the foreground. If this program is told to stop, the other one ends at once, with all processes that it started.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunTestsAsync(
        string file, IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken stopping, string? workingDirectory = null)
    {
        using var process = Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = workingDirectory ?? "" }, environment);
        await EndAsync(process, End, stopping);
        stopping.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Runs a program without showing its output.</summary>
    /// <returns>The exit code, and the output on stdout and stderr.</returns>
    public static async Task<(int ExitCode, string Output)> CaptureAsync(
        string file, IEnumerable<string> arguments, CancellationToken stopping, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingDirectory ?? "" };
        // A build server that runs longer than the build would keep the pipe open.
        using var process = Start(start, new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" });
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await EndAsync(process, End, stopping);
        stopping.ThrowIfCancellationRequested();
        return (process.ExitCode, (await output + await error).TrimEnd());
    }

    public static Process StartInBackground(string file, IEnumerable<string> arguments)
    {
        var process = Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
        process.OutputDataReceived += (_, _) => { }; // a full pipe would stop it
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Background.Add(process);
        return process;
    }

    public static void StopAll()
    {
        foreach (var process in Background)
        {
            Stop(process, Sigint); // Azurite saves its data at this signal, and loses up to 5 seconds of it at SIGTERM
            process.Dispose();
        }
    }

    private static Process Start(ProcessStartInfo start, Dictionary<string, string>? environment = null)
    {
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process, Action<Process> stop, CancellationToken stopping)
    {
        try
        {
            await process.WaitForExitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            stop(process);
        }
    }

    /// <summary>Asks the process to stop, if the system has a way to ask, and kills it if it does not stop.</summary>
    private static void Stop(Process process, int signal)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows() || Kill(process.Id, signal) != 0 || !process.WaitForExit(Patience))
            End(process);
    }

    private static void End(Process process)
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit(Patience);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
