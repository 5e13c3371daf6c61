using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>The RSA key in Key Vault that wraps data keys with RSA-OAEP-256. What it wrapped cannot be read without Key Vault.</summary>
internal sealed class WrappingKey(KeyClient vault, WrappingKeyMaker maker, string name)
{
    private const int NotFound = 404;

    /// <summary>Wraps with the newest version. If there is no such key, it is made.</summary>
    /// <exception cref="Protocol.Keys.KeyStoreException">Key Vault did not wrap the data key.</exception>
    public async Task<(byte[] Wrapped, string Version)> WrapAsync(byte[] dataKey, CancellationToken cancellation)
    {
        var version = await VersionAsync(cancellation);
        var wrapped = await VaultCall.RunAsync(() => vault.GetCryptographyClient(name, version).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey, cancellation), cancellation);
        return (wrapped.EncryptedKey, version);
    }

    /// <exception cref="Protocol.Keys.KeyStoreException">Key Vault did not unwrap the data key.</exception>
    public async Task<byte[]> UnwrapAsync(byte[] wrapped, string version, CancellationToken cancellation) =>
        (await VaultCall.RunAsync(() => vault.GetCryptographyClient(name, version).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped, cancellation), cancellation)).Key;

    private Task<string> VersionAsync(CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            try
            {
                return (await vault.GetKeyAsync(name, cancellationToken: cancellation)).Value.Properties.Version;
            }
            catch (RequestFailedException e) when (e.Status == NotFound)
            {
                return await maker.MakeAsync(vault, name, cancellation);
            }
        },
        cancellation);
}
