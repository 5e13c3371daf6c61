using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.KeyVault.Local;

namespace FunctionsAuth.Storage.Tests;

/// <summary>What the tests of LocalHost's keys share: a folder of the test's own, and a clock that it sets.</summary>
public abstract class LocalVault : IDisposable
{
    protected const string Ring = "signing";

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"functionsauth-keys-{Guid.NewGuid():N}");

    protected SettableClock Clock { get; } = new();

    protected byte[] Digest { get; } = SHA256.HashData("what is signed"u8);

    public void Dispose()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected LocalKeyClient Keys(bool onDisk) => new(onDisk ? Folder : null, Clock);

    protected async Task<byte[]> Sign(LocalKeyClient keys, KeyVaultKey key, SignatureAlgorithm algorithm) =>
        (await keys.GetCryptographyClient(key.Name, key.Properties.Version).SignAsync(algorithm, Digest)).Signature;

    protected static async Task SetEnabled(LocalKeyClient keys, KeyVaultKey key, bool enabled) =>
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { Enabled = enabled });

    protected static async Task<List<KeyProperties>> Versions(LocalKeyClient keys)
    {
        var versions = new List<KeyProperties>();
        await foreach (var version in keys.GetPropertiesOfKeyVersionsAsync(Ring)) versions.Add(version);
        return versions;
    }

    protected static async Task Refused(int status, Func<Task> operation) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RequestFailedException>(operation)).Status);

    protected sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
