using Azure.Core;

namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>The operations with one version of a key. This one reaches no vault: it is there to be derived from.</summary>
public class CryptographyClient
{
    private readonly string? keyId;

    protected CryptographyClient() { }

    public CryptographyClient(Uri keyId, TokenCredential credential) : this(keyId, credential, null) { }

    public CryptographyClient(Uri keyId, TokenCredential credential, CryptographyClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        ArgumentNullException.ThrowIfNull(credential);
        this.keyId = keyId.AbsoluteUri;
    }

    public virtual string KeyId => keyId!;

    public virtual Task<SignResult> SignAsync(SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default) =>
        throw KeyClient.Unreachable();

    public virtual Task<VerifyResult> VerifyAsync(
        SignatureAlgorithm algorithm, byte[] digest, byte[] signature, CancellationToken cancellationToken = default) =>
        throw KeyClient.Unreachable();

    public virtual Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default) =>
        throw KeyClient.Unreachable();

    public virtual Task<UnwrapResult> UnwrapKeyAsync(
        KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default) =>
        throw KeyClient.Unreachable();
}
