using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.Local;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>
/// Signs SHA-256 digests with one version of a local key, for RS256, PS256 and ES256; an ES256 signature is r || s. The refusals are those
/// of Key Vault: status 403 for a version that is disabled, expired or not yet valid, and status 400 for an algorithm that the key does not
/// serve or for a digest of another length.
/// </summary>
public sealed class LocalCryptographyClient : CryptographyClient
{
    private readonly Func<LocalKey> find;
    private readonly Uri id;
    private readonly TimeProvider clock;
    private readonly TimeSpan latency;

    internal LocalCryptographyClient(Func<LocalKey> find, Uri id, TimeProvider clock, TimeSpan latency) =>
        (this.find, this.id, this.clock, this.latency) = (find, id, clock, latency);

    public override string KeyId => id.AbsoluteUri;

    public override Task<SignResult> SignAsync(
        SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.SignResult(KeyId, Sign(algorithm, digest), algorithm), latency, cancellationToken);

    public override Task<VerifyResult> VerifyAsync(
        SignatureAlgorithm algorithm, byte[] digest, byte[] signature, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.VerifyResult(KeyId, Verify(algorithm, digest, signature), algorithm), latency, cancellationToken);

    /// <summary>Wraps with RSA-OAEP-256 only.</summary>
    public override Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.WrapResult(KeyId, Wrapping(KeyOperation.WrapKey, algorithm, rsa => rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256)), algorithm), latency, cancellationToken);

    public override Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.UnwrapResult(KeyId, Wrapping(KeyOperation.UnwrapKey, algorithm, rsa => rsa.Decrypt(encryptedKey, RSAEncryptionPadding.OaepSHA256)), algorithm), latency, cancellationToken);

    /// <summary>Signs without the result types of the SDK; null if the version refuses, or if this key simulates the latency of a vault.</summary>
    internal byte[]? TrySign(string algorithm, KeyVersion version, Func<KeyVersion, byte[]> digestFor)
    {
        if (latency > TimeSpan.Zero)
            return null;
        var key = find();
        return RefusalOf(key, KeyOperation.Sign) is null && SigningKeyTypes.Of(algorithm) == key.Key.PublicKey.Type ? key.Key.Sign(algorithm, digestFor(version)) : null;
    }

    private byte[] Sign(SignatureAlgorithm algorithm, byte[] digest)
    {
        var key = FindUsable(KeyOperation.Sign);
        CheckDigest(digest);
        CheckAlgorithm(algorithm, key);
        return key.Key.Sign(algorithm.ToString(), digest);
    }

    private bool Verify(SignatureAlgorithm algorithm, byte[] digest, byte[] signature)
    {
        var key = find();
        CheckDigest(digest);
        CheckAlgorithm(algorithm, key);
        return key.Key.Use(k => k is RSA rsa
            ? rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, algorithm == SignatureAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : ((ECDsa)k).VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private byte[] Wrapping(KeyOperation name, KeyWrapAlgorithm algorithm, Func<RSA, byte[]> operation)
    {
        var key = FindUsable(name);
        if (algorithm != KeyWrapAlgorithm.RsaOaep256 || key.Key.PublicKey.Type != SigningKeyType.Rsa)
            throw KeyRefusals.BadParameter("Local RSA keys wrap with RSA-OAEP-256, and EC keys not at all.");
        try
        {
            return key.Key.Use(k => operation((RSA)k));
        }
        catch (CryptographicException)
        {
            throw KeyRefusals.BadParameter("The key can't be wrapped, or was not wrapped with this one.");
        }
    }

    // The version is read again for each operation, because this or another process may have disabled it.
    private LocalKey FindUsable(KeyOperation operation)
    {
        var key = find();
        return RefusalOf(key, operation) is { } refusal ? throw refusal : key;
    }

    private Exception? RefusalOf(LocalKey key, KeyOperation operation)
    {
        if (!key.Facts.Enabled)
            return KeyRefusals.Disabled(operation);
        if (key.Facts.Operations?.Contains(operation.ToString()) == false)
            return KeyRefusals.NotMadeFor(operation);
        // A version that has expired may still unwrap what was wrapped with it.
        var now = clock.GetUtcNow();
        return (key.Facts.Expires <= now || key.Facts.NotBefore > now) && operation != KeyOperation.UnwrapKey ? KeyRefusals.NotNow(operation) : null;
    }

    private static void CheckDigest(byte[] digest)
    {
        if (digest.Length != SHA256.HashSizeInBytes) throw KeyRefusals.BadParameter("The digest must be one of SHA-256: 32 bytes.");
    }

    private static void CheckAlgorithm(SignatureAlgorithm algorithm, LocalKey key)
    {
        if (!SigningAlgorithms.All.Contains(algorithm.ToString()) || SigningKeyTypes.Of(algorithm.ToString()) != key.Key.PublicKey.Type)
            throw KeyRefusals.BadParameter($"The key doesn't sign {algorithm}: RSA keys sign RS256 and PS256, EC keys ES256.");
    }
}
