using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Keys;
using PublicKey = FunctionsAuth.Protocol.Keys.PublicKey;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// A private key in a row that is of no use without Key Vault: encrypted with a key of its own (AES-256-GCM), which an RSA key in
/// the vault wraps (RSA-OAEP-256). An RSA private key is too long to be wrapped itself.
/// </summary>
internal sealed class KeySeal(KeyClient vault, string wrappingKey)
{
    /// <summary>When the key was made. It is sealed with it: an earlier one would shorten its announcement.</summary>
    public const string CreatedAt = "CreatedAt";

    private const string Public = "PublicKey";
    private const string Encrypted = "Encrypted";
    private const string WrappedKey = "WrappedKey";
    private const string WrappingVersion = "WrappingVersion";

    private const int NotFound = 404;
    private const int DataKeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static PublicKey PublicKeyOf(TableEntity row)
    {
        var info = row.Bytes(Public);
        if (row.PartitionKey == nameof(SigningKeyType.Ec))
        {
            using var ec = ECDsa.Create();
            ec.ImportSubjectPublicKeyInfo(info, out _);
            return PublicKey.FromEc(ec.ExportParameters(false));
        }
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(info, out _);
        return PublicKey.FromRsa(rsa.ExportParameters(false));
    }

    /// <exception cref="KeyStoreException">The vault did not wrap it.</exception>
    public async Task CloseAsync(PrivateKey key, TableEntity row, CancellationToken cancellation)
    {
        row[Public] = key.Use(algorithm => algorithm.ExportSubjectPublicKeyInfo());
        var dataKey = RandomNumberGenerator.GetBytes(DataKeyLength);
        var secret = key.ToPkcs8();
        try
        {
            var version = await WrappingVersionAsync(cancellation);
            var wrapped = await VaultCall.RunAsync(
                () => vault.GetCryptographyClient(wrappingKey, version).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey, cancellation), cancellation);
            row[WrappingVersion] = version;
            row[WrappedKey] = wrapped.EncryptedKey;
            row[Encrypted] = Encrypt(dataKey, secret, ContextOf(row));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <exception cref="KeyStoreException">The vault did not unwrap it, or the row is damaged.</exception>
    public async Task<PrivateKey> OpenAsync(TableEntity row, CancellationToken cancellation)
    {
        try
        {
            return await UnwrapAsync(row, cancellation);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or InvalidDataException)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, new InvalidDataException($"The row {row.PartitionKey}/{row.RowKey} of the signing keys is damaged", e));
        }
    }

    private async Task<PrivateKey> UnwrapAsync(TableEntity row, CancellationToken cancellation)
    {
        var signer = vault.GetCryptographyClient(wrappingKey, row.Text(WrappingVersion));
        var unwrapped = await VaultCall.RunAsync(() => signer.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, row.Bytes(WrappedKey), cancellation), cancellation);
        byte[] secret = [];
        try
        {
            secret = Decrypt(unwrapped.Key, row.Bytes(Encrypted), ContextOf(row));
            return PrivateKey.FromPkcs8(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(unwrapped.Key);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The newest version; the first one is made here.</summary>
    private Task<string> WrappingVersionAsync(CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            try
            {
                return (await vault.GetKeyAsync(wrappingKey, cancellationToken: cancellation)).Value.Properties.Version;
            }
            catch (RequestFailedException e) when (e.Status == NotFound)
            {
                var key = new CreateRsaKeyOptions(wrappingKey) { KeySize = 2048, KeyOperations = { KeyOperation.WrapKey, KeyOperation.UnwrapKey } };
                return (await vault.CreateRsaKeyAsync(key, cancellation)).Value.Properties.Version;
            }
        },
        cancellation);

    /// <summary>Nothing of a row can be used in another one, or with another public key.</summary>
    private static byte[] ContextOf(TableEntity row) => [.. Encoding.UTF8.GetBytes($"{row.PartitionKey}/{row.RowKey}/{row.Moment(CreatedAt).UtcTicks}/"), .. row.Bytes(Public)];

    private static byte[] Encrypt(byte[] key, byte[] secret, byte[] context)
    {
        var sealedKey = new byte[NonceLength + secret.Length + TagLength];
        var (nonce, text, tag) = Parts(sealedKey);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce.Span, secret, text.Span, tag.Span, context);
        return sealedKey;
    }

    private static byte[] Decrypt(byte[] key, byte[] sealedKey, byte[] context)
    {
        var (nonce, text, tag) = Parts(sealedKey);
        var secret = new byte[text.Length];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(nonce.Span, text.Span, tag.Span, secret, context);
        return secret;
    }

    private static (Memory<byte> Nonce, Memory<byte> Text, Memory<byte> Tag) Parts(byte[] sealedKey) =>
        (sealedKey.AsMemory(0, NonceLength), sealedKey.AsMemory(NonceLength..^TagLength), sealedKey.AsMemory(^TagLength..));
}
