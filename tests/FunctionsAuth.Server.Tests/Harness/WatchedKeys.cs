using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A key vault whose signatures wait for whatever else must be under way at the same time.</summary>
public sealed class WatchedKeys(KeyClient inner) : KeyClient
{
    public Rendezvous? Meeting { get; set; }

    public override Uri VaultUri => inner.VaultUri;

    public override AsyncPageable<KeyProperties> GetPropertiesOfKeyVersionsAsync(string name, CancellationToken cancellationToken = default) =>
        inner.GetPropertiesOfKeyVersionsAsync(name, cancellationToken);

    public override Task<Response<KeyVaultKey>> GetKeyAsync(string name, string? version = null, CancellationToken cancellationToken = default) =>
        inner.GetKeyAsync(name, version, cancellationToken);

    public override Task<Response<KeyVaultKey>> CreateRsaKeyAsync(CreateRsaKeyOptions rsaKeyOptions, CancellationToken cancellationToken = default) =>
        inner.CreateRsaKeyAsync(rsaKeyOptions, cancellationToken);

    public override Task<Response<KeyVaultKey>> CreateEcKeyAsync(CreateEcKeyOptions ecKeyOptions, CancellationToken cancellationToken = default) =>
        inner.CreateEcKeyAsync(ecKeyOptions, cancellationToken);

    public override Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation>? keyOperations = null, CancellationToken cancellationToken = default) =>
        inner.UpdateKeyPropertiesAsync(properties, keyOperations, cancellationToken);

    public override CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null) =>
        new Signer(inner.GetCryptographyClient(keyName, keyVersion), this);

    private sealed class Signer(CryptographyClient inner, WatchedKeys vault) : CryptographyClient
    {
        public override string KeyId => inner.KeyId;

        public override async Task<SignResult> SignAsync(SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default)
        {
            if (vault.Meeting is { } meeting)
                await meeting.ArriveAsync("sign");
            return await inner.SignAsync(algorithm, digest, cancellationToken);
        }
    }
}
