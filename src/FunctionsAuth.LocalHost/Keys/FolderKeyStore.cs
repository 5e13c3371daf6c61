using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Keys;

/// <summary>
/// Keys in a folder: NAME/VERSION.pem and, written after it, NAME/VERSION.json. A version is there when its JSON is, so whatever
/// stops a process leaves either all of it or nothing. Several processes may share the folder: what one changes the others see.
/// </summary>
internal sealed class FolderKeyStore(string folder) : KeyStore
{
    // What was read last, with its JSON's time and length (times are coarse): signing asks whether it still holds, and reads nothing.
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, LocalKey Key)> read = new();

    public override IReadOnlyList<LocalKey> List(string name)
    {
        var home = Path.Combine(folder, name);
        if (!Directory.Exists(home)) return [];
        return InOrder(Directory.EnumerateFiles(home, "*.json")
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
        PrivateFile.CreateFolder(folder);
        PrivateFile.CreateFolder(Path.Combine(folder, key.Name));
        PrivateFile.Write(PathOf(key.Name, key.Version, "pem"), PrivateKeyPem.Write(key.Key));
        Update(key);
    }

    public override void Update(LocalKey key) =>
        PrivateFile.Write(PathOf(key.Name, key.Version, "json"), JsonSerializer.Serialize(key.Facts, KeyFactsJson.Default.KeyFacts));

    private string PathOf(string name, string version, string extension) => Path.Combine(folder, name, $"{version}.{extension}");

    private static PrivateKey ReadKey(string file)
    {
        try
        {
            return PrivateKeyPem.Read(File.ReadAllText(file));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw Damaged(file, "no PKCS#8 PEM of an RSA or EC key", e);
        }
    }

    private static KeyFacts ReadFacts(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), KeyFactsJson.Default.KeyFacts) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Damaged(file, "not the JSON that belongs to a key", e);
        }
    }

    private static InvalidDataException Damaged(string file, string what, Exception e) => new(
        $"The key file {file} is damaged: it is {what}. Put a good copy back, or delete its .pem and .json; " +
        "what that key signed is then no longer accepted.", e);
}
