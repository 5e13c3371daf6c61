using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>Signing keys in a folder, which are made before a worker starts.</summary>
internal static class KeyFiles
{
    private static readonly KeyOptions Options = new();

    // They are computed only once, because this takes a long time on a busy machine.
    private static readonly Lazy<Task<string>> Fresh = new(async () =>
    {
        var folder = NewFolder();
        await WriteAsync(folder, TimeProvider.System);
        return folder;
    });

    public static string NewFolder() => Directory.CreateTempSubdirectory("worker-keys-").FullName;

    /// <summary>New keys, in a folder that has none yet.</summary>
    public static async Task EnsureAsync(string folder)
    {
        if (Directory.EnumerateFileSystemEntries(folder).Any())
            return;
        var fresh = await Fresh.Value;
        foreach (var file in Directory.EnumerateFiles(fresh, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(fresh, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Keys that are so old that new ones are due.</summary>
    public static Task WriteOldAsync(string folder) => WriteAsync(folder, new StoppedClock(DateTimeOffset.UtcNow - (2 * Options.RotateEvery)));

    private static async Task WriteAsync(string folder, TimeProvider clock)
    {
        var keys = new LocalKeyClient(folder, clock);
        await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Options.RsaKeyName));
        await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Options.EcKeyName));
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
