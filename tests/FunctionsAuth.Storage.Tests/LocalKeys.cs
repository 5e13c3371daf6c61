using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.KeyVault.Local;

namespace FunctionsAuth.Storage.Tests;

/// <summary>LocalHost's keys, as the production code above them sees a key vault.</summary>
public sealed class LocalKeys : LocalVault
{
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
            Digest, await Sign(keys, key, SignatureAlgorithm.RS256), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.True(publicKey.VerifyHash(
            Digest, await Sign(keys, key, SignatureAlgorithm.PS256), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public async Task A_signature_of_an_RSA_key_verifies_as_what_it_was_signed_as(string algorithm, string other)
    {
        var keys = Keys(onDisk: false);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var signature = await Sign(keys, key, algorithm);
        var verifier = keys.GetCryptographyClient(Ring);
        Assert.True((await verifier.VerifyAsync(algorithm, Digest, signature)).IsValid);
        Assert.False((await verifier.VerifyAsync(other, Digest, signature)).IsValid);
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
        Assert.True(publicKey.VerifyHash(Digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        var verifier = keys.GetCryptographyClient(Ring, key.Properties.Version);
        Assert.True((await verifier.VerifyAsync(SignatureAlgorithm.ES256, Digest, signature)).IsValid);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Fifty_signatures_at_once_all_verify(string algorithm)
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        using var publicKey = key.Key.ToRSA();
        var padding = algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var signatures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Sign(keys, key, algorithm))));
        Assert.All(signatures, s => Assert.True(publicKey.VerifyHash(Digest, s, HashAlgorithmName.SHA256, padding)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_makes_a_version_of_the_same_kind_and_keeps_the_older_one(bool onDisk)
    {
        var keys = Keys(onDisk);
        var first = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring) { KeySize = 3_072 })).Value;
        Clock.Now += TimeSpan.FromDays(1);
        var second = (await keys.RotateKeyAsync(Ring)).Value;
        Assert.Equal(3_072 / 8, second.Key.N!.Length);
        Assert.Equal([first.Properties.Version, second.Properties.Version], (await Versions(keys)).Select(v => v.Version));
        Assert.Equal(Clock.Now, second.Properties.CreatedOn);
        Assert.Equal(second.Id, (await keys.GetKeyAsync(Ring)).Value.Id);
        Assert.Equal(first.Key.N, (await keys.GetKeyAsync(Ring, first.Properties.Version)).Value.Key.N);
    }

    [Fact]
    public async Task A_rotation_of_an_EC_key_makes_an_EC_key()
    {
        var keys = Keys(onDisk: false);
        var first = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        var second = (await keys.RotateKeyAsync(Ring)).Value;
        Assert.Equal((KeyType.Ec, KeyCurveName.P256), (second.KeyType, second.Key.CurveName));
        Assert.NotEqual(first.Key.X, second.Key.X);
    }

    [Fact]
    public async Task A_key_has_a_rotation_policy_that_never_rotates()
    {
        var keys = Keys(onDisk: true);
        await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        Assert.Empty((await keys.GetKeyRotationPolicyAsync(Ring)).Value.LifetimeActions);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_is_dated_and_the_creation_stays(bool onDisk)
    {
        var keys = Keys(onDisk);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        var created = Clock.Now;
        Clock.Now += TimeSpan.FromHours(5);
        await SetEnabled(keys, key, true);
        var version = Assert.Single(await Versions(keys));
        Assert.Equal((created, Clock.Now), (version.CreatedOn, version.UpdatedOn));
    }

    [Fact]
    public async Task An_expired_version_refuses_to_sign()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring) { ExpiresOn = Clock.Now.AddDays(1) })).Value;
        await Sign(keys, key, SignatureAlgorithm.ES256);
        Clock.Now += TimeSpan.FromDays(1);
        await Refused(403, () => Sign(keys, key, SignatureAlgorithm.ES256));
    }

    [Fact]
    public async Task A_version_refuses_to_sign_before_its_time()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring) { NotBefore = Clock.Now.AddDays(1) })).Value;
        await Refused(403, () => Sign(keys, key, SignatureAlgorithm.ES256));
        Clock.Now += TimeSpan.FromDays(1);
        await Sign(keys, key, SignatureAlgorithm.ES256);
    }

    [Fact]
    public async Task An_unknown_key_is_a_404_and_lists_no_versions()
    {
        var keys = Keys(onDisk: true);
        await Refused(404, () => keys.GetKeyAsync("unknown"));
        await Refused(404, () => keys.RotateKeyAsync("unknown"));
        await Refused(404, () => keys.GetKeyRotationPolicyAsync("unknown"));
        await Refused(404, () => keys.GetCryptographyClient("unknown", "1").SignAsync(SignatureAlgorithm.RS256, Digest));
        Assert.Empty(await Versions(keys));
    }

    [Fact]
    public async Task A_name_that_leaves_the_folder_is_refused()
    {
        var keys = Keys(onDisk: true);
        await Refused(400, () => keys.CreateEcKeyAsync(new CreateEcKeyOptions("../elsewhere")));
        await Refused(400, () => keys.GetKeyAsync(Ring, "../../elsewhere"));
        await Refused(400, () => keys.GetKeyRotationPolicyAsync("../elsewhere"));
    }

    [Theory]
    [InlineData("EC", "RS256")]
    [InlineData("EC", "PS256")]
    [InlineData("EC", "ES384")]
    [InlineData("RSA", "ES256")]
    [InlineData("RSA", "RS512")]
    public async Task An_algorithm_of_another_kind_of_key_is_refused_with_400(string kind, string algorithm)
    {
        var keys = Keys(onDisk: false);
        var key = (await keys.CreateKeyAsync(Ring, kind)).Value;
        await Refused(400, () => Sign(keys, key, algorithm));
        await Refused(400, () => keys.GetCryptographyClient(Ring).VerifyAsync(algorithm, Digest, new byte[64]));
    }

    [Fact]
    public async Task A_digest_of_another_length_is_refused_with_400()
    {
        var keys = Keys(onDisk: false);
        await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        await Refused(400, () => keys.GetCryptographyClient(Ring).SignAsync(SignatureAlgorithm.ES256, new byte[20]));
    }

    [Fact]
    public async Task Vaults_side_by_side_have_their_own_names_and_keys()
    {
        var (one, two) = (new LocalKeyClient(null, Clock, "one"), new LocalKeyClient(null, Clock, "two"));
        var key = (await one.CreateEcKeyAsync(new CreateEcKeyOptions(Ring))).Value;
        Assert.NotEqual(one.VaultUri, two.VaultUri);
        Assert.StartsWith("one", one.VaultUri.Host, StringComparison.Ordinal);
        Assert.Equal((one.VaultUri, one.VaultUri.Host), (key.Properties.VaultUri, key.Id.Host));
        await Refused(404, () => two.GetKeyAsync(Ring));
    }

    [Fact]
    public async Task A_signature_takes_as_long_as_its_latency()
    {
        using var patience = new CancellationTokenSource();
        var keys = new LocalKeyClient(null, Clock, latency: TimeSpan.FromDays(1));
        await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        var signature = keys.GetCryptographyClient(Ring).SignAsync(SignatureAlgorithm.ES256, Digest, patience.Token);
        Assert.False(signature.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signature);
    }
}
