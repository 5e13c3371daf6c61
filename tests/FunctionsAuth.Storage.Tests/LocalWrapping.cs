using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.KeyVault.Local;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Wrapping with LocalHost's keys, which is what wrapped signing keys ask of a key vault.</summary>
public sealed class LocalWrapping : LocalVault
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_version_wrapped_it_unwraps(bool onDisk)
    {
        var keys = Keys(onDisk);
        var wrapping = await ClientAsync(keys);
        var (first, second) = (await WrapAsync(wrapping, Secret), await WrapAsync(wrapping, Secret));
        // OAEP is randomized: who sees two wrapped keys can't tell that they are the same.
        Assert.NotEqual(first, second);
        Assert.Equal(Secret, await UnwrapAsync(wrapping, first));
        Assert.Equal(Secret, await UnwrapAsync(wrapping, second));
    }

    [Fact]
    public async Task What_was_wrapped_before_a_restart_is_unwrapped_after_it()
    {
        var wrapping = await ClientAsync(Keys(onDisk: true));
        var wrapped = await WrapAsync(wrapping, Secret);
        var version = new Uri(wrapping.KeyId).Segments[^1];
        Assert.Equal(Secret, await UnwrapAsync(Keys(onDisk: true).GetCryptographyClient(Ring, version), wrapped));
    }

    [Fact]
    public async Task A_version_does_not_unwrap_what_another_one_wrapped()
    {
        var keys = Keys(onDisk: true);
        var first = await ClientAsync(keys);
        var wrapped = await WrapAsync(first, Secret);
        Clock.Now += TimeSpan.FromDays(1);
        var second = (await keys.RotateKeyAsync(Ring)).Value;
        await Refused(400, () => UnwrapAsync(keys.GetCryptographyClient(Ring, second.Properties.Version), wrapped));
        Assert.Equal(Secret, await UnwrapAsync(first, wrapped));
    }

    [Fact]
    public async Task What_is_not_whole_is_refused_with_400_and_the_key_still_unwraps()
    {
        var wrapping = await ClientAsync(Keys(onDisk: false));
        var wrapped = await WrapAsync(wrapping, Secret);
        var changed = (byte[])wrapped.Clone();
        changed[^1] ^= 1;
        foreach (var broken in (byte[][])[changed, wrapped[1..], [.. wrapped, 0], [], new byte[wrapped.Length]])
            await Refused(400, () => UnwrapAsync(wrapping, broken));
        Assert.Equal(Secret, await UnwrapAsync(wrapping, wrapped));
    }

    [Fact]
    public async Task What_is_longer_than_OAEP_takes_is_refused_with_400()
    {
        var wrapping = await ClientAsync(Keys(onDisk: false));
        await WrapAsync(wrapping, new byte[190]);
        await Refused(400, () => WrapAsync(wrapping, new byte[191]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disabled_version_neither_wraps_nor_unwraps_until_it_is_enabled_again(bool onDisk)
    {
        var keys = Keys(onDisk);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value;
        var wrapping = keys.GetCryptographyClient(Ring, key.Properties.Version);
        var wrapped = await WrapAsync(wrapping, Secret);
        await SetEnabled(keys, key, false);
        await Refused(403, () => WrapAsync(wrapping, Secret));
        await Refused(403, () => UnwrapAsync(wrapping, wrapped));
        await SetEnabled(keys, key, true);
        Assert.Equal(Secret, await UnwrapAsync(wrapping, wrapped));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_does_only_what_it_was_made_for(bool onDisk)
    {
        var keys = Keys(onDisk);
        await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions("wraps") { KeyOperations = { KeyOperation.WrapKey, KeyOperation.UnwrapKey } });
        await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions("signs") { KeyOperations = { KeyOperation.Sign, KeyOperation.Verify } });
        var after = onDisk ? Keys(onDisk) : keys;
        var (wraps, signs) = (after.GetCryptographyClient("wraps"), after.GetCryptographyClient("signs"));
        var wrapped = await WrapAsync(wraps, Secret);
        Assert.Equal(Secret, await UnwrapAsync(wraps, wrapped));
        await signs.SignAsync(SignatureAlgorithm.RS256, Digest);
        await Refused(403, () => wraps.SignAsync(SignatureAlgorithm.RS256, Digest));
        await Refused(403, () => WrapAsync(signs, Secret));
        await Refused(403, () => UnwrapAsync(signs, wrapped));
        // Nor does its successor do more.
        var next = (await after.RotateKeyAsync("wraps")).Value;
        Assert.Equal([KeyOperation.WrapKey, KeyOperation.UnwrapKey], next.Key.KeyOps);
        await Refused(403, () => after.GetCryptographyClient("wraps", next.Properties.Version).SignAsync(SignatureAlgorithm.RS256, Digest));
    }

    [Fact]
    public async Task A_version_that_has_expired_still_unwraps_and_wraps_no_more()
    {
        var keys = Keys(onDisk: true);
        var key = (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring) { ExpiresOn = Clock.Now.AddDays(1) })).Value;
        var wrapping = keys.GetCryptographyClient(Ring, key.Properties.Version);
        var wrapped = await WrapAsync(wrapping, Secret);
        Clock.Now += TimeSpan.FromDays(1);
        await Refused(403, () => WrapAsync(wrapping, Secret));
        Assert.Equal(Secret, await UnwrapAsync(wrapping, wrapped));
    }

    [Theory]
    [InlineData("RSA-OAEP")]
    [InlineData("RSA1_5")]
    [InlineData("A256KW")]
    public async Task Another_algorithm_is_refused_with_400(string algorithm)
    {
        var wrapping = await ClientAsync(Keys(onDisk: false));
        var wrapped = await WrapAsync(wrapping, Secret);
        await Refused(400, () => wrapping.WrapKeyAsync(algorithm, Secret));
        await Refused(400, () => wrapping.UnwrapKeyAsync(algorithm, wrapped));
    }

    [Fact]
    public async Task An_EC_key_wraps_nothing()
    {
        var keys = Keys(onDisk: false);
        await keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ring));
        await Refused(400, () => WrapAsync(keys.GetCryptographyClient(Ring), Secret));
        await Refused(400, () => UnwrapAsync(keys.GetCryptographyClient(Ring), new byte[256]));
    }

    [Fact]
    public async Task An_unknown_key_is_a_404()
    {
        var keys = Keys(onDisk: true);
        await Refused(404, () => WrapAsync(keys.GetCryptographyClient("unknown"), Secret));
        await Refused(404, () => UnwrapAsync(keys.GetCryptographyClient("unknown", "1"), new byte[256]));
    }

    private static async Task<CryptographyClient> ClientAsync(LocalKeyClient keys) =>
        keys.GetCryptographyClient(Ring, (await keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Ring))).Value.Properties.Version);

    private static async Task<byte[]> WrapAsync(CryptographyClient client, byte[] secret) =>
        (await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, secret)).EncryptedKey;

    private static async Task<byte[]> UnwrapAsync(CryptographyClient client, byte[] wrapped) =>
        (await client.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped)).Key;
}
