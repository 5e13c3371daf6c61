using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using FunctionsAuth.Azure.Local;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>
/// Keys in a folder. A version is the file NAME/VERSION.pem and, written after it, NAME/VERSION.json. The version exists when its JSON file
/// exists, so a process that is stopped leaves either a whole version or none. Several processes may share the folder, and each sees what
/// the others change.
/// </summary>
internal sealed class LocalKeysInFolder(string folder) : LocalKeys
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    // The versions that were read last. A version is read again only when the time or the length of its JSON file has changed; the time alone is too coarse.
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, LocalKey Key)> read = new();

    public override IReadOnlyList<LocalKey> List(string name)
    {
        var home = Path.Combine(folder, name);
        if (!Directory.Exists(home)) return [];
        return InOrder(Access("read", () => Directory.GetFiles(home, "*.json"))
            .Where(file => !Path.GetFileName(file).StartsWith('.'))
            .Select(file => Find(name, Path.GetFileNameWithoutExtension(file)))
            .OfType<LocalKey>());
    }

    public override LocalKey? Find(string name, string version)
    {
        var file = new FileInfo(PathOf(name, version, "json"));
        if (!file.Exists) return null;
        if (read.TryGetValue(file.FullName, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
            return known.Key;
        var key = new LocalKey(name, version, known.Key?.Key ?? ReadKey(PathOf(name, version, "pem")), ReadFacts(file.FullName));
        read[file.FullName] = (file.LastWriteTimeUtc, file.Length, key);
        return key;
    }

    public override void Add(LocalKey key)
    {
        Access("written", () =>
        {
            PrivateFile.CreateFolder(folder);
            PrivateFile.CreateFolder(Path.Combine(folder, key.Name));
            PrivateFile.Write(PathOf(key.Name, key.Version, "pem"), PrivateKeyPem.Write(key.Key));
            return key;
        });
        Update(key);
    }

    public override void Update(LocalKey key) => Access("written", () =>
    {
        PrivateFile.Write(PathOf(key.Name, key.Version, "json"), key.Facts.Write());
        return key;
    });

    public override async Task RunAloneAsync(Func<Task> action, CancellationToken cancellation)
    {
        using var file = await LockAsync(cancellation);
        await action();
    }

    /// <summary>Waits for the lock. The operating system releases it when this process ends for any reason.</summary>
    private async Task<IDisposable> LockAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var held = Access("written", () =>
            {
                PrivateFile.CreateFolder(folder);
                return PrivateFile.TryLock(Path.Combine(folder, ".lock"));
            });
            if (held is not null)
                return held;
            await Task.Delay(LockPause, cancellation);
        }
    }

    private T Access<T>(string how, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not FileNotFoundException)
        {
            throw new KeyFilesException($"The signing keys in the folder {folder} can't be {how}: {e.Message}", e);
        }
    }

    private string PathOf(string name, string version, string extension) => Path.Combine(folder, name, $"{version}.{extension}");

    private PrivateKey ReadKey(string file)
    {
        try
        {
            return PrivateKeyPem.Read(Access("read", () => File.ReadAllText(file)));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw Damaged(file, "not a PKCS#8 PEM of an RSA or EC key", e);
        }
    }

    private KeyFacts ReadFacts(string file)
    {
        try
        {
            return KeyFacts.Read(Access("read", () => File.ReadAllText(file)));
        }
        catch (JsonException e)
        {
            throw Damaged(file, "not the JSON that belongs to a key", e);
        }
    }

    private static InvalidDataException Damaged(string file, string what, Exception e) => new(
        $"The key file {file} is damaged: it is {what}. Restore it from a copy, or delete its .pem and .json. " +
        "Signatures of that key are then no longer accepted.", e);
}
