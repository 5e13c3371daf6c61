using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace FunctionsAuth.Storage.Tests;

/// <summary>LocalHost's keys as files: what stays of them, who may read them, and what happens when one is broken.</summary>
public sealed class LocalKeyFiles : LocalVault
{
    [Fact]
    public async Task Keys_are_the_same_after_a_restart()
    {
        var first = (await Keys(onDisk: true).CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var again = (await Keys(onDisk: true).GetKeyAsync(Ring)).Value;
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Key.N, again.Key.N);
        Assert.Equal(Clock.Now, again.Properties.CreatedOn);
        Assert.True(again.Properties.Enabled);
    }

    [Fact]
    public async Task Files_are_readable_by_their_owner_only_and_nothing_half_written_stays()
    {
        await Keys(onDisk: true).CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        var files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);
        Assert.Equal([".json", ".pem"], files.Select(Path.GetExtension).Order());
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var home in new[] { Folder, Path.Combine(Folder, Ring) })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home));
    }

    [Fact]
    public async Task Asking_for_keys_makes_no_folder()
    {
        var keys = Keys(onDisk: true);
        Assert.Empty(await Versions(keys));
        await Refused(404, () => keys.GetKeyAsync(Ring));
        await Refused(404, () => keys.GetKeyRotationPolicyAsync(Ring));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task A_key_whose_writing_was_interrupted_is_not_there()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        File.Delete(FileOf(key.Properties.Version, "json"));
        await File.WriteAllTextAsync(Path.Combine(Folder, Ring, ".0123.tmp"), "{");
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
                await client.GetCryptographyClient(Ring, version.Version).SignAsync(SignatureAlgorithm.ES256, Digest);
        }
        Assert.Equal((await Versions(clients[0])).Select(v => v.Version), (await Versions(clients[1])).Select(v => v.Version));
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

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task An_RSA_key_that_another_program_wrote_as_PKCS8_signs(string lineEnd)
    {
        using var rsa = RSA.Create(2_048);
        var key = await WriteAsync(rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings(lineEnd) + lineEnd);
        Assert.Equal(rsa.ExportParameters(false).Modulus, key.Key.N);
        Assert.True(rsa.VerifyHash(Digest, await Sign(Keys(onDisk: true), key, SignatureAlgorithm.RS256), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task An_EC_key_that_another_program_wrote_as_PKCS8_signs()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = await WriteAsync(ec.ExportPkcs8PrivateKeyPem());
        Assert.Equal(ec.ExportParameters(false).Q.X, key.Key.X);
        Assert.True(ec.VerifyHash(Digest, await Sign(Keys(onDisk: true), key, SignatureAlgorithm.ES256), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("json")]
    public async Task A_file_that_was_cut_short_is_an_error_that_names_it(string extension)
    {
        var key = (await Keys(onDisk: true).CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var file = FileOf(key.Properties.Version, extension);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file))[..20]);
        await DamagedAsync(file, () => Keys(onDisk: true).GetKeyAsync(Ring));
    }

    [Fact]
    public async Task A_key_file_that_is_gone_or_holds_something_else_is_an_error_that_names_it()
    {
        using var rsa = RSA.Create(2_048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string[] others = ["", "a note", rsa.ExportRSAPrivateKeyPem(), rsa.ExportSubjectPublicKeyInfoPem(), p384.ExportPkcs8PrivateKeyPem()];
        var key = (await Keys(onDisk: true).CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        var file = FileOf(key.Properties.Version, "pem");
        foreach (var other in others)
        {
            await File.WriteAllTextAsync(file, other);
            await DamagedAsync(file, () => Versions(Keys(onDisk: true)));
        }
        File.Delete(file);
        await DamagedAsync(file, () => Versions(Keys(onDisk: true)));
    }

    /// <summary>As LocalHost has always written them.</summary>
    private async Task<KeyVaultKey> WriteAsync(string pem)
    {
        var version = Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(Path.Combine(Folder, Ring));
        await File.WriteAllTextAsync(FileOf(version, "pem"), pem);
        await File.WriteAllTextAsync(FileOf(version, "json"), """{ "created": "2029-12-24T18:00:00+00:00", "updated": "2029-12-24T18:00:00+00:00", "enabled": true }""");
        var key = (await Keys(onDisk: true).GetKeyAsync(Ring)).Value;
        Assert.Equal((version, new DateTimeOffset(2029, 12, 24, 18, 0, 0, TimeSpan.Zero)), (key.Properties.Version, key.Properties.CreatedOn));
        return key;
    }

    private static async Task DamagedAsync(string file, Func<Task> operation) =>
        Assert.Contains(file, (await Assert.ThrowsAsync<InvalidDataException>(operation)).Message, StringComparison.Ordinal);

    private string FileOf(string version, string extension) => Path.Combine(Folder, Ring, $"{version}.{extension}");
}
