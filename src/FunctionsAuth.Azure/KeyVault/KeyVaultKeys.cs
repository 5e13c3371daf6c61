using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Protocol;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// The signing keys in Key Vault, or in whatever stands behind a <see cref="KeyClient"/>. Public keys never change, so each
/// version is fetched once.
/// </summary>
internal sealed class KeyVaultKeys(KeyClient client, ServerOptions options) : IKeyVault
{
    private const string Service = "key vault";
    private const int NotFound = 404;

    private readonly ConcurrentDictionary<string, PublicKey> publicKeys = new();
    private readonly ConcurrentDictionary<string, CryptographyClient> signers = new();

    public Task<IReadOnlyList<KeyVersion>> ListAsync(string algorithm, CancellationToken cancellation) => TryAsync<IReadOnlyList<KeyVersion>>(
        async () =>
        {
            List<KeyVersion> versions = [];
            // Retired versions stay in the vault for ever, and their public keys are of no use.
            foreach (var properties in (await VersionsAsync(algorithm, cancellation)).Where(version => version.Enabled == true))
                versions.Add(await DescribeAsync(properties, cancellation));
            return versions;
        },
        cancellation);

    public Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation) => TryAsync(
        async () =>
        {
            var signer = signers.GetOrAdd(version.Id, id => client.GetCryptographyClient(NameOf(algorithm), id));
            var result = await signer.SignAsync(new SignatureAlgorithm(algorithm), digest, cancellation);
            return result.Signature;
        },
        cancellation);

    public Task CreateAsync(string algorithm, CancellationToken cancellation) => TryAsync(
        async () => (KeyVaultKey)(algorithm == SigningAlgorithms.ES256
            ? await client.CreateEcKeyAsync(new CreateEcKeyOptions(NameOf(algorithm)) { CurveName = KeyCurveName.P256 }, cancellation)
            : await client.CreateRsaKeyAsync(new CreateRsaKeyOptions(NameOf(algorithm)) { KeySize = 2048 }, cancellation)),
        cancellation);

    public Task DisableAsync(KeyVersion version, CancellationToken cancellation) => TryAsync(
        async () =>
        {
            var key = (await client.GetKeyAsync(NameOf(version.PublicKey.Algorithm), version.Id, cancellation)).Value;
            key.Properties.Enabled = false;
            return await client.UpdateKeyPropertiesAsync(key.Properties, cancellationToken: cancellation);
        },
        cancellation);

    public Task<bool> HasAnyAsync(string algorithm, CancellationToken cancellation) =>
        TryAsync(async () => (await VersionsAsync(algorithm, cancellation)).Count > 0, cancellation);

    private async Task<List<KeyProperties>> VersionsAsync(string algorithm, CancellationToken cancellation)
    {
        List<KeyProperties> versions = [];
        try
        {
            await foreach (var properties in client.GetPropertiesOfKeyVersionsAsync(NameOf(algorithm), cancellation))
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
        PublicKey = await PublicKeyAsync(properties, cancellation),
        CreatedAt = properties.CreatedOn ?? DateTimeOffset.MinValue,
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

    private string NameOf(string algorithm) => algorithm == SigningAlgorithms.ES256 ? options.Keys.EcKeyName : options.Keys.RsaKeyName;

    private static async Task<T> TryAsync<T>(Func<Task<T>> operation, CancellationToken cancellation)
    {
        try
        {
            return await operation();
        }
        catch (Exception e) when ((e is RequestFailedException || Outages.IsOne(e)) && !cancellation.IsCancellationRequested)
        {
            throw new TemporarilyUnavailableException(Service, e);
        }
    }
}
