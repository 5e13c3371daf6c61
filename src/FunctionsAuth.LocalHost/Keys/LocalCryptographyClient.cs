using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.LocalHost.Memory;

namespace FunctionsAuth.LocalHost.Keys;

/// <summary>
/// Signs SHA-256 digests with one version of a local key: RS256, PS256 and ES256, the latter as raw r||s. A version that is disabled,
/// expired or not yet valid refuses to sign with 403, an algorithm that isn't the key's or a digest of another length with 400.
/// </summary>
public sealed class LocalCryptographyClient : CryptographyClient
{
    private readonly Func<KeyVersion> find;
    private readonly Uri id;
    private readonly TimeProvider clock;

    internal LocalCryptographyClient(Func<KeyVersion> find, Uri id, TimeProvider clock) =>
        (this.find, this.id, this.clock) = (find, id, clock);

    public override string KeyId => id.AbsoluteUri;

    public override Task<SignResult> SignAsync(
        SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.SignResult(KeyId, Sign(algorithm, digest), algorithm), cancellationToken);

    public override Task<VerifyResult> VerifyAsync(
        SignatureAlgorithm algorithm, byte[] digest, byte[] signature, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CryptographyModelFactory.VerifyResult(KeyId, Verify(algorithm, digest, signature), algorithm), cancellationToken);

    private byte[] Sign(SignatureAlgorithm algorithm, byte[] digest)
    {
        // Asked anew each time: the version may have been disabled since, by another process too.
        var key = find();
        var now = clock.GetUtcNow();
        if (!key.Facts.Enabled) throw KeyRefusals.Disabled();
        if (key.Facts.Expires <= now || key.Facts.NotBefore > now) throw KeyRefusals.NotNow();
        CheckDigest(digest);
        var padding = PaddingOf(algorithm, key);
        return key.Key.Use(k => padding is null
            ? ((ECDsa)k).SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : ((RSA)k).SignHash(digest, HashAlgorithmName.SHA256, padding));
    }

    private bool Verify(SignatureAlgorithm algorithm, byte[] digest, byte[] signature)
    {
        var key = find();
        CheckDigest(digest);
        var padding = PaddingOf(algorithm, key);
        return key.Key.Use(k => padding is null
            ? ((ECDsa)k).VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : ((RSA)k).VerifyHash(digest, signature, HashAlgorithmName.SHA256, padding));
    }

    private static void CheckDigest(byte[] digest)
    {
        if (digest.Length != SHA256.HashSizeInBytes) throw KeyRefusals.BadParameter("The digest must be one of SHA-256: 32 bytes.");
    }

    // Null for EC.
    private static RSASignaturePadding? PaddingOf(SignatureAlgorithm algorithm, KeyVersion key) =>
        (algorithm.ToString(), key.Key.IsRsa) switch
        {
            ("RS256", true) => RSASignaturePadding.Pkcs1,
            ("PS256", true) => RSASignaturePadding.Pss,
            ("ES256", false) => null,
            _ => throw KeyRefusals.BadParameter($"The key doesn't sign {algorithm}: RSA keys sign RS256 and PS256, EC keys ES256."),
        };
}
