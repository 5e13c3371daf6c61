using System.Collections.Concurrent;
using System.Diagnostics;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Conformance.Running;

/// <summary>
/// A server that runs as a process of its own, with https: LocalHost with tables in memory, or the real worker. It ends with the tests.
/// </summary>
public sealed class ServerProcess
{
    private const string StorageVariable = "FUNCTIONSAUTH_TEST_STORAGE";

    private static readonly ConcurrentDictionary<ServerKind, Lazy<Task<ServerProcess>>> Started = new();

    private static readonly string LocalHost = ProgramIn("src", "FunctionsAuth.LocalHost");
    private static readonly string WorkerHost = ProgramIn("tests", "FunctionsAuth.WorkerHost");

    private static readonly ConcurrentBag<ServerProcess> Running = [];

    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    /// <summary>For a run that is broken off.</summary>
    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();

    private ServerProcess(string program, Uri url, IEnumerable<string> arguments)
    {
        Issuer = url.OriginalString;
        process = new Process
        {
            StartInfo = new(Dotnet, [program, "run", "--url", Issuer, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
            EnableRaisingEvents = true,
        };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The server ended. {Output}"));
        Running.Add(this);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Issuer { get; }

    /// <summary>What it has written, logs among it.</summary>
    public string Output => string.Join('\n', output);

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The one server of that kind, for all plans that want it.</summary>
    public static Task<ServerProcess> OfAsync(ServerKind kind) =>
        Started.GetOrAdd(kind, _ => new(() => StartAsync(kind))).Value;

    /// <summary>One more LocalHost, with its sample users and clients.</summary>
    /// <param name="arguments">Of the command line.</param>
    public static Task<ServerProcess> StartAsync(params IEnumerable<string> arguments) => StartAsync(LocalHost, arguments);

    private static async Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments)
    {
        var (certificate, key) = ServerFiles.Certificate();
        var server = new ServerProcess(program, new Uri($"https://localhost:{FreePort.Find()}"), ["--cert", certificate, "--key", key, .. arguments]);
        await server.ready.Task.WaitAsync(Patience.Limit);
        // The keys of a new folder are made while it already listens.
        var isReady = await Patience.UntilAsync(async () => (await SuiteHttp.GetAsync($"{server.Issuer}/health/ready")).Status == 200);
        Assert.True(isReady, $"The server is not ready. {server.Output}");
        return server;
    }

    private static async Task<ServerProcess> StartAsync(ServerKind kind)
    {
        string[] arguments = ["--import", await ServerFiles.ImportAsync(kind), .. ServerSettings.Of(kind)];
        return kind == ServerKind.Worker ? await StartAsync(WorkerHost, [.. arguments, .. WorkerStorage()]) : await StartAsync(LocalHost, arguments);
    }

    /// <summary>A worker has no tables in memory, and its keys are in files.</summary>
    private static IEnumerable<string> WorkerStorage() => Environment.GetEnvironmentVariable(StorageVariable) is { Length: > 0 } connection
        ? ["--storage", connection, "--table-prefix", $"c{Guid.NewGuid():n}", "--keys", ServerFiles.NewFolder()]
        : throw new CantRunException($"Set {StorageVariable} to a connection string, for example Azurite's, to run this module.");

    /// <summary>Built with this project, in the same configuration.</summary>
    private static string ProgramIn(string folder, string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(output.FullName, "..", "..", "..", "..", "..", folder, project, "bin", output.Parent!.Name, output.Name, $"{project}.dll"));
    }

    /// <summary>Another command of the same program.</summary>
    public static async Task<string> CommandAsync(params string[] arguments)
    {
        using var command = Process.Start(new ProcessStartInfo(Dotnet, [LocalHost, .. arguments]) { RedirectStandardOutput = true })!;
        var text = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal(0, command.ExitCode);
        return text;
    }

    /// <summary>Ends them all and deletes their files.</summary>
    public static void EndAll()
    {
        List<Process> ending = [];
        while (Running.TryTake(out var server))
        {
            server.process.Kill(entireProcessTree: true);
            ending.Add(server.process);
        }
        foreach (var process in ending)
            process.WaitForExit();
        ServerFiles.Delete();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        output.Enqueue(line);
        if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            ready.TrySetResult();
    }
}
