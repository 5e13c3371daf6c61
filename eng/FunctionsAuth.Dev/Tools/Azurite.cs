using System.Diagnostics;

namespace FunctionsAuth.Dev.Tools;

/// <summary>Microsoft's emulator of Azure Storage, from npm.</summary>
internal static class Azurite
{
    public const string DevelopmentStorage = "UseDevelopmentStorage=true";

    /// <summary>The ports of blobs, queues and tables.</summary>
    private static readonly int[] UsualPorts = [10000, 10001, 10002];

    // On a busy machine the start takes a long time. If Azurite cannot start, it ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const string PinnedVersion = "3.35.0";

    // The public account that every emulator has.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static string Home => Repository.Local("azurite");

    /// <summary>Makes sure that an Azurite listens on the usual ports. It uses one that is running, or starts one that ends with this program.</summary>
    public static async Task EnsureAsync(CancellationToken stopping)
    {
        List<int> missing = [];
        foreach (var port in UsualPorts)
        {
            if (!await Ports.AnswersAsync(port, stopping))
                missing.Add(port);
        }
        if (missing.Count == 0)
        {
            Console.WriteLine($"Azurite: using the one on port {string.Join(" and ", UsualPorts)}.");
            return;
        }
        if (missing.Count < UsualPorts.Length)
            throw new Problem($"Something listens on port {string.Join(" and ", UsualPorts.Except(missing))} and nothing on {string.Join(" and ", missing)}: one Azurite must listen on all of these ports. Stop the program that listens there, and this command starts Azurite.");
        await InstallAsync("Azurite", stopping);
        await StartAsync(["--location", Repository.Local("azurite-data")], UsualPorts, stopping);
        Console.WriteLine("Azurite: started; its data is in .local/azurite-data.");
    }

    /// <summary>Starts an Azurite for tests, in memory and on free ports.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> StartForTestsAsync(CancellationToken stopping)
    {
        await InstallAsync("Azurite", stopping);
        var (blobs, queues, tables) = (FreePort.Find(), FreePort.Find(), FreePort.Find());
        await StartAsync(["--inMemoryPersistence", "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}"], [blobs, queues, tables], stopping);
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};QueueEndpoint=http://127.0.0.1:{queues}/{Account};TableEndpoint=http://127.0.0.1:{tables}/{Account};";
    }

    private static async Task InstallAsync(string reason, CancellationToken stopping)
    {
        if (Programs.Find("node") is null || Programs.Find("npm") is not { } npm)
            throw new Problem($"{reason} requires Node.js and npm, which are not on the PATH.");
        if (File.Exists(Path.Combine(Home, PinnedVersion)))
            return;
        Console.WriteLine($"Azurite: installing {PinnedVersion} into .local/azurite.");
        Directory.CreateDirectory(Home);
        var install = await Child.CaptureAsync(npm, ["install", "--prefix", Home, "--no-fund", "--no-audit", "--loglevel=error", $"azurite@{PinnedVersion}"], stopping);
        if (install.ExitCode != 0)
            throw new Problem($"{install.Output}\nAzurite can't be installed by npm.", exitCode: 1);
        await File.WriteAllTextAsync(Path.Combine(Home, PinnedVersion), "installed\n", stopping);
    }

    private static async Task StartAsync(string[] options, int[] ports, CancellationToken stopping)
    {
        string[] command = [Path.Combine(Home, "node_modules", "azurite", "dist", "src", "azurite.js"), "--disableTelemetry", "--skipApiVersionCheck", "--silent", .. options];
        var azurite = Child.StartInBackground(Programs.Find("node")!, command);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50, stopping))
        {
            if (azurite.HasExited)
                break;
            if (await Ports.AnswersAsync(ports[^1], stopping)) // it opens them in this order
                return;
        }
        throw new Problem($"Azurite did not start on port {string.Join(", ", ports)}.", exitCode: 1);
    }
}
