using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace Azure.Security.KeyVault.Keys;

/// <summary>The keys of a vault. This one reaches no vault: it is there to be derived from.</summary>
public class KeyClient
{
    private readonly Uri? vaultUri;
    private readonly TokenCredential? credential;

    protected KeyClient() { }

    public KeyClient(Uri vaultUri, TokenCredential credential) : this(vaultUri, credential, null) { }

    public KeyClient(Uri vaultUri, TokenCredential credential, KeyClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(vaultUri);
        ArgumentNullException.ThrowIfNull(credential);
        (this.vaultUri, this.credential) = (vaultUri, credential);
    }

    public virtual Uri VaultUri => vaultUri!;

    public virtual AsyncPageable<KeyProperties> GetPropertiesOfKeyVersionsAsync(
        string name, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> GetKeyAsync(
        string name, string? version = null, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> CreateKeyAsync(
        string name, KeyType keyType, CreateKeyOptions? keyOptions = null, CancellationToken cancellationToken = default) =>
        throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> CreateRsaKeyAsync(
        CreateRsaKeyOptions rsaKeyOptions, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> CreateEcKeyAsync(
        CreateEcKeyOptions ecKeyOptions, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> RotateKeyAsync(string name, CancellationToken cancellationToken = default) =>
        throw Unreachable();

    public virtual Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation>? keyOperations = null, CancellationToken cancellationToken = default) =>
        throw Unreachable();

    public virtual Task<Response<KeyRotationPolicy>> GetKeyRotationPolicyAsync(
        string keyName, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual Task<Response<KeyRotationPolicy>> UpdateKeyRotationPolicyAsync(
        string keyName, KeyRotationPolicy policy, CancellationToken cancellationToken = default) => throw Unreachable();

    public virtual CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null) =>
        new(new Uri(VaultUri, keyVersion is null ? $"keys/{keyName}" : $"keys/{keyName}/{keyVersion}"), credential!);

    internal static NotSupportedException Unreachable([CallerMemberName] string member = "") => new(
        $"{member}: this is the stand-in of Azure.Security.KeyVault.Keys, which reaches no vault. " +
        "Build with the real package, or use keys on disk.");
}
