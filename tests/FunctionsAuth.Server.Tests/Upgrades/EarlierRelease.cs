using System.Reflection;
using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>
/// This release on the tables of an earlier one, at the moment when they were saved. Tests of a class share it: each uses tokens and
/// cookies that no other test of the class uses up.
/// </summary>
public sealed class EarlierRelease : IAsyncLifetime
{
    private const string Name = "16115c1";

    private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("functionsauth-keys-");

    public RunningServer Server { get; private set; } = null!;

    internal TableServiceClient Tables { get; } = new MemoryTableServiceClient();

    internal static IReadOnlyList<SavedRow> Rows { get; } = [.. ReadText("rows.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SavedRow.Parse)];

    internal Kept Kept { get; } = Kept.Parse(ReadText("kept.json"));

    public async Task InitializeAsync()
    {
        foreach (var (path, content) in Kept.KeyFiles)
        {
            var file = Path.Combine(keys.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content);
        }
        await Rows.WriteAsync(Tables);
        Server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = Life.Settings,
            Tables = _ => Tables,
            KeyFolder = keys.FullName,
            Now = Kept.Now,
            Import = false,
        });
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        keys.Delete(recursive: true);
    }

    public ClientApp App(string clientId = "web") => new(Server, clientId);

    /// <summary>The browser with the cookies that it had.</summary>
    public Browser Browser(string name)
    {
        var browser = new Browser(Server);
        foreach (var cookie in Kept[$"{name}.cookies"].Split("; ", StringSplitOptions.RemoveEmptyEntries))
            browser.SetCookie(cookie[..cookie.IndexOf('=', StringComparison.Ordinal)], cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return browser;
    }

    private static string ReadText(string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Name}/{file}")!);
        return reader.ReadToEnd();
    }
}
