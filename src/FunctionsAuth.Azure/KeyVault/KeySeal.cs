using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Keys;
using PublicKey = FunctionsAuth.Protocol.Keys.PublicKey;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// Encrypts a private key into a table row and decrypts it again. The private key is encrypted with AES-256-GCM and a data key of its own.
/// An RSA key in Key Vault wraps the data key with RSA-OAEP-256, so the row cannot be decrypted without Key Vault. The private key itself
/// is not wrapped, because RSA-OAEP cannot wrap anything as long as an RSA private key.
/// </summary>
internal sealed class KeySeal(WrappingKey wrapping)
{
    /// <summary>The column with the moment at which the key was made. The seal covers it, because an earlier moment would shorten the announcement of the key.</summary>
    public const string CreatedAt = "CreatedAt";

    private const string Public = "PublicKey";
    private const string Encrypted = "Encrypted";
    private const string WrappedKey = "WrappedKey";
    private const string WrappingVersion = "WrappingVersion";


    /// <summary>The public key of a row. It is not encrypted, and the seal covers it.</summary>
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

    /// <summary>Writes the key into the row. The row must have its keys and <see cref="CreatedAt"/>.</summary>
    /// <exception cref="KeyStoreException">Key Vault did not wrap the data key.</exception>
    public async Task CloseAsync(PrivateKey key, TableEntity row, CancellationToken cancellation)
    {
        row[Public] = key.Use(algorithm => algorithm.ExportSubjectPublicKeyInfo());
        var dataKey = AesSeal.NewKey();
        var secret = key.ToPkcs8();
        try
        {
            (row[WrappedKey], row[WrappingVersion]) = await wrapping.WrapAsync(dataKey, cancellation);
            row[Encrypted] = AesSeal.Encrypt(dataKey, secret, ContextOf(row));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Reads the key from the row.</summary>
    /// <exception cref="KeyStoreException">Key Vault did not unwrap the data key, or the row is damaged.</exception>
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
        var dataKey = await wrapping.UnwrapAsync(row.Bytes(WrappedKey), row.Text(WrappingVersion), cancellation);
        byte[] secret = [];
        try
        {
            secret = AesSeal.Decrypt(dataKey, row.Bytes(Encrypted), ContextOf(row));
            return PrivateKey.FromPkcs8(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The additional data of AES-GCM. It binds the encrypted key to its row, its date and its public key: nothing can be moved to another row.</summary>
    private static byte[] ContextOf(TableEntity row) => [.. Encoding.UTF8.GetBytes($"{row.PartitionKey}/{row.RowKey}/{row.Moment(CreatedAt).UtcTicks}/"), .. row.Bytes(Public)];
}
