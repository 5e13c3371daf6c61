using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.LocalHost.Keys;

namespace FunctionsAuth.Storage.Tests;

public sealed class LocalKeys : IDisposable
{
    private const string Ring = "signing";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"functionsauth-keys-{Guid.NewGuid():N}");
    private readonly SettableClock clock = new();
    private readonly byte[] digest = SHA256.HashData("what is signed"u8);

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signatures_of_an_RSA_key_verify_with_its_public_key(bool onDisk)
    {
        var keys = Keys(onDisk);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        using var publicKey = key.Key.ToRSA();
        Assert.Equal(2_048, publicKey.KeySize);
        Assert.Null(key.Key.D);
        Assert.True(publicKey.VerifyHash(
            digest, await Sign(keys, key, SignatureAlgorithm.RS256), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.True(publicKey.VerifyHash(
            digest, await Sign(keys, key, SignatureAlgorithm.PS256), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signatures_of_an_EC_key_are_raw_and_verify_with_its_public_key(bool onDisk)
    {
        var keys = Keys(onDisk);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring) { CurveName = KeyCurveName.P256 })).Value;
        var signature = await Sign(keys, key, SignatureAlgorithm.ES256);
        Assert.Equal(64, signature.Length);
        using var publicKey = key.Key.ToECDsa();
        Assert.True(publicKey.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        var verifier = keys.GetCryptographyClient(Ring, key.Properties.Version);
        Assert.True((await verifier.VerifyAsync(SignatureAlgorithm.ES256, digest, signature)).IsValid);
    }

    [Fact]
    public async Task Fifty_signatures_at_once_all_verify()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        using var publicKey = key.Key.ToRSA();
        var signatures = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => Sign(keys, key, SignatureAlgorithm.RS256))));
        Assert.All(signatures, s => Assert.True(publicKey.VerifyHash(digest, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public async Task Keys_are_the_same_after_a_restart()
    {
        var first = (await Keys(onDisk: true).CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var again = (await Keys(onDisk: true).GetKeyAsync(Ring)).Value;
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Key.N, again.Key.N);
        Assert.Equal(clock.Now, again.Properties.CreatedOn);
        Assert.True(again.Properties.Enabled);
    }

    [Fact]
    public async Task Files_are_readable_by_their_owner_only_and_nothing_half_written_stays()
    {
        await Keys(onDisk: true).CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Equal([".json", ".pem"], files.Select(Path.GetExtension).Order());
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var home in new[] { folder, Path.Combine(folder, Ring) })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home));
    }

    [Fact]
    public async Task A_key_whose_writing_was_interrupted_is_not_there()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        File.Delete(FileOf(key, "json"));
        await File.WriteAllTextAsync(Path.Combine(folder, Ring, ".0123.tmp"), "{");
        Assert.Empty(await Versions(keys));
        await Refused(404, () => keys.GetKeyAsync(Ring));
    }

    [Fact]
    public async Task Two_clients_that_create_keys_at_once_end_with_every_key_whole()
    {
        var clients = new[] { Keys(onDisk: true), Keys(onDisk: true) };
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => clients[i % 2].CreateEcKeyAsync(new CreateEcKeyOptions(Ring)))));
        foreach (var client in clients)
        {
            var versions = await Versions(client);
            Assert.Equal(20, versions.Count);
            foreach (var version in versions)
                await client.GetCryptographyClient(Ring, version.Version).SignAsync(SignatureAlgorithm.ES256, digest);
        }
        Assert.Equal((await Versions(clients[0])).Select(v => v.Version), (await Versions(clients[1])).Select(v => v.Version));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_makes_a_version_of_the_same_kind_and_keeps_the_older_one(bool onDisk)
    {
        var keys = Keys(onDisk);
        var first = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring) { KeySize = 3_072 })).Value;
        clock.Now += TimeSpan.FromDays(1);
        var second = (await keys.RotateKeyAsync(Ring)).Value;
        Assert.Equal(3_072 / 8, second.Key.N!.Length);
        Assert.Equal([first.Properties.Version, second.Properties.Version], (await Versions(keys)).Select(v => v.Version));
        Assert.Equal(clock.Now, second.Properties.CreatedOn);
        Assert.Equal(second.Id, (await keys.GetKeyAsync(Ring)).Value.Id);
        Assert.Equal(first.Key.N, (await keys.GetKeyAsync(Ring, first.Properties.Version)).Value.Key.N);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disabled_version_refuses_to_sign_until_it_is_enabled_again(bool onDisk)
    {
        var keys = Keys(onDisk);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        await Sign(keys, key, SignatureAlgorithm.ES256);
        await SetEnabled(keys, key, false);
        await Refused(403, () => Sign(keys, key, SignatureAlgorithm.ES256));
        Assert.False(Assert.Single(await Versions(keys)).Enabled);
        await SetEnabled(keys, key, true);
        await Sign(keys, key, SignatureAlgorithm.ES256);
    }

    [Fact]
    public async Task What_one_process_disables_another_one_no_longer_signs_with()
    {
        var (here, there) = (Keys(onDisk: true), Keys(onDisk: true));
        var key = (await here.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        await Sign(here, key, SignatureAlgorithm.ES256);
        await SetEnabled(there, key, false);
        await Refused(403, () => Sign(here, key, SignatureAlgorithm.ES256));
    }

    [Fact]
    public async Task An_expired_version_refuses_to_sign()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring) { ExpiresOn = clock.Now.AddDays(1) })).Value;
        await Sign(keys, key, SignatureAlgorithm.ES256);
        clock.Now += TimeSpan.FromDays(1);
        await Refused(403, () => Sign(keys, key, SignatureAlgorithm.ES256));
    }

    [Fact]
    public async Task An_unknown_key_is_a_404_and_lists_no_versions()
    {
        var keys = Keys(onDisk: true);
        await Refused(404, () => keys.GetKeyAsync("unknown"));
        await Refused(404, () => keys.RotateKeyAsync("unknown"));
        await Refused(404, () => keys.GetCryptographyClient("unknown", "1").SignAsync(SignatureAlgorithm.RS256, digest));
        Assert.Empty(await Versions(keys));
    }

    [Fact]
    public async Task A_name_that_leaves_the_folder_is_refused()
    {
        var keys = Keys(onDisk: true);
        await Refused(400, () => keys.CreateEcKeyAsync(new CreateEcKeyOptions("../elsewhere")));
        await Refused(400, () => keys.GetKeyAsync(Ring, "../../elsewhere"));
    }

    [Fact]
    public async Task An_algorithm_of_another_kind_of_key_or_a_short_digest_is_refused_with_400()
    {
        var keys = Keys(onDisk: false);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        await Refused(400, () => Sign(keys, key, SignatureAlgorithm.RS256));
        await Refused(400, () => keys.GetCryptographyClient(Ring).SignAsync(SignatureAlgorithm.ES256, new byte[20]));
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("json")]
    public async Task A_damaged_file_is_an_error_that_names_it(string extension)
    {
        var key = (await Keys(onDisk: true).CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var file = FileOf(key, extension);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file))[..20]);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Keys(onDisk: true).GetKeyAsync(Ring));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private LocalKeyClient Keys(bool onDisk) => new(onDisk ? folder : null, clock);

    private async Task<byte[]> Sign(LocalKeyClient keys, KeyVaultKey key, SignatureAlgorithm algorithm) =>
        (await keys.GetCryptographyClient(key.Name, key.Properties.Version).SignAsync(algorithm, digest)).Signature;

    private static async Task SetEnabled(LocalKeyClient keys, KeyVaultKey key, bool enabled) =>
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { Enabled = enabled });

    private static async Task<List<KeyProperties>> Versions(LocalKeyClient keys)
    {
        var versions = new List<KeyProperties>();
        await foreach (var version in keys.GetPropertiesOfKeyVersionsAsync(Ring)) versions.Add(version);
        return versions;
    }

    private string FileOf(KeyVaultKey key, string extension) => Path.Combine(folder, Ring, $"{key.Properties.Version}.{extension}");

    private static async Task Refused(int status, Func<Task> operation) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RequestFailedException>(operation)).Status);

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
