using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace FunctionsAuth.Samples.Tests.Harness;

/// <summary>A sample, run in the same way as a reader runs it: as a process with environment variables.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> all = new();
    private int openPipes = 2;

    public SampleProcess(string name, Dictionary<string, string> environment, params string[] arguments)
    {
        var folder = Repository.BuiltSample(name);
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(folder, $"{name}.dll"), .. arguments])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (key, value) in environment)
            process.StartInfo.Environment[key] = value;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All output of the process.</summary>
    public string Output => string.Join('\n', all);

    /// <returns>The next line of output that contains this text.</returns>
    /// <exception cref="InvalidOperationException">The process ended without such a line.</exception>
    public async Task<string> LineAsync(string text)
    {
        await foreach (var line in lines.Reader.ReadAllAsync())
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"The sample did not write '{text}' but:\n{Output}");
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            all.Enqueue(line);
            lines.Writer.TryWrite(line);
        }
        else if (Interlocked.Decrement(ref openPipes) == 0)
        {
            lines.Writer.Complete();
        }
    }
}
