using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// Signing keys in Key Vault, or in anything else that a <see cref="KeyClient"/> reaches. A public key never changes, so each version is
/// fetched once.
/// </summary>
internal class KeyVaultKeyStore(KeyClient client, KeyOptions options, bool isReserve) : IKeyStore
{
    private const int NotFound = 404;

    private readonly ConcurrentDictionary<string, PublicKey> publicKeys = new();
    private readonly ConcurrentDictionary<string, CryptographyClient> signers = new();

    public string Name => client.VaultUri.Host;

    public bool IsReserve => isReserve;

    public virtual bool IsApart => true;

    public Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation) => VaultCall.RunAsync<IReadOnlyList<KeyVersion>>(
        async () =>
        {
            // Disabled versions stay in the vault for ever, and their public keys are not needed.
            var enabled = (await VersionsAsync(type, cancellation)).Where(version => version.Enabled == true);
            return await Task.WhenAll(enabled.Select(version => DescribeAsync(version, cancellation)));
        },
        cancellation);

    public Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation) =>
        VaultCall.RunAsync(async () => (await VersionsAsync(type, cancellation)).Count > 0, cancellation);

    public Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            var result = await SignerOf(version).SignAsync(new SignatureAlgorithm(algorithm), digest, cancellation);
            return result.Signature;
        },
        cancellation);

    public virtual Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            if (type == SigningKeyType.Ec)
                await client.CreateEcKeyAsync(Signing(new CreateEcKeyOptions(NameOf(type)) { CurveName = KeyCurveName.P256 }), cancellation);
            else
                await client.CreateRsaKeyAsync(Signing(new CreateRsaKeyOptions(NameOf(type)) { KeySize = 2048 }), cancellation);
            return true;
        },
        cancellation);

    public Task DisableAsync(KeyVersion version, CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            var key = (await client.GetKeyAsync(NameOf(version.PublicKey.Type), version.Id, cancellation)).Value;
            key.Properties.Enabled = false;
            return await client.UpdateKeyPropertiesAsync(key.Properties, cancellationToken: cancellation);
        },
        cancellation);

    /// <summary>True when the key has a rotation policy that makes new versions. False also when the server has no right to read the policy.</summary>
    public async Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation)
    {
        try
        {
            var policy = await VaultCall.RunAsync(async () => (await client.GetKeyRotationPolicyAsync(NameOf(type), cancellation)).Value, cancellation);
            return policy.LifetimeActions.Any(action => action.Action == KeyRotationPolicyAction.Rotate);
        }
        catch (KeyStoreException e) when (e.Failure == KeyStoreFailure.Refused)
        {
            return false;
        }
    }

    protected CryptographyClient SignerOf(KeyVersion version) =>
        signers.TryGetValue(version.Id, out var known) ? known : signers.GetOrAdd(version.Id, client.GetCryptographyClient(NameOf(version.PublicKey.Type), version.Id));

    private static T Signing<T>(T key)
        where T : CreateKeyOptions
    {
        key.KeyOperations.Add(KeyOperation.Sign);
        key.KeyOperations.Add(KeyOperation.Verify);
        return key;
    }

    private async Task<List<KeyProperties>> VersionsAsync(SigningKeyType type, CancellationToken cancellation)
    {
        List<KeyProperties> versions = [];
        try
        {
            await foreach (var properties in client.GetPropertiesOfKeyVersionsAsync(NameOf(type), cancellation))
                versions.Add(properties);
        }
        catch (RequestFailedException e) when (e.Status == NotFound)
        {
            // There is no such key yet.
        }
        return versions;
    }

    private async Task<KeyVersion> DescribeAsync(KeyProperties properties, CancellationToken cancellation) => new()
    {
        Id = properties.Version,
        Store = Name,
        IsReserve = isReserve,
        PublicKey = await PublicKeyAsync(properties, cancellation),
        CreatedAt = properties.CreatedOn ?? DateTimeOffset.MinValue,
        UpdatedAt = properties.UpdatedOn,
        NotBefore = properties.NotBefore,
        ExpiresAt = properties.ExpiresOn,
    };

    private async Task<PublicKey> PublicKeyAsync(KeyProperties properties, CancellationToken cancellation)
    {
        var id = properties.Version;
        if (publicKeys.TryGetValue(id, out var known))
            return known;
        var key = (await client.GetKeyAsync(properties.Name, id, cancellation)).Value.Key;
        using var rsa = key.KeyType == KeyType.Rsa || key.KeyType == KeyType.RsaHsm ? key.ToRSA() : null;
        using var ec = rsa is null ? key.ToECDsa() : null;
        return publicKeys.GetOrAdd(id, rsa is not null
            ? PublicKey.FromRsa(rsa.ExportParameters(false))
            : PublicKey.FromEc(ec!.ExportParameters(false)));
    }

    private string NameOf(SigningKeyType type) => type == SigningKeyType.Ec ? options.EcKeyName : options.RsaKeyName;
}
