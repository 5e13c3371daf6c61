using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// Encrypts with one data key. A table stores the data key, wrapped by Key Vault. An instance unwraps it when it first needs it, and keeps it in memory, so a
/// login with a second factor needs no call to Key Vault.
/// </summary>
internal sealed class SecretSeal(IEnumerable<KeyClient> vaults, TableSet tables, ServerOptions options, TimeProvider clock) : ISecretSeal
{
    public static readonly TableDescription DataKeys = new("DataKeys") { IsCopied = true };

    private const string Partition = "data-key";
    private const string Current = "1";
    private const string WrappedKey = "WrappedKey";
    private const string WrappingVersion = "WrappingVersion";

    private readonly Table rows = tables[DataKeys];
    private readonly WrappingKey wrapping = new(vaults.First(), new WrappingKeyMaker(tables[DataKeys], clock), options.Keys.WrappingKeyName);
    private readonly Lock opening = new();
    private Task<byte[]>? opened;

    public async Task<byte[]> SealAsync(ReadOnlyMemory<byte> secret, string context, CancellationToken cancellation) =>
        AesSeal.Encrypt(await KeyAsync(cancellation), secret.Span, Encoding.UTF8.GetBytes(context));

    public async Task<byte[]?> OpenAsync(byte[] sealedSecret, string context, CancellationToken cancellation)
    {
        var key = await KeyAsync(cancellation);
        try
        {
            return AesSeal.Decrypt(key, sealedSecret, Encoding.UTF8.GetBytes(context));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private Task<byte[]> KeyAsync(CancellationToken cancellation)
    {
        lock (opening)
        {
            // All requests wait for the same call, so the cancellation of one request must not end it.
            if (opened is null or { IsFaulted: true } or { IsCanceled: true })
                opened = Task.Run(OpenKeyAsync, CancellationToken.None);
            return opened.WaitAsync(cancellation);
        }
    }

    private async Task<byte[]> OpenKeyAsync()
    {
        var row = await rows.FindAsync(Partition, Current, CancellationToken.None) ?? await CreateAsync();
        return await wrapping.UnwrapAsync(row.Bytes(WrappedKey), row.Text(WrappingVersion), CancellationToken.None);
    }

    /// <summary>If several instances make the key at the same time, one succeeds, and the others use its key.</summary>
    private async Task<TableEntity> CreateAsync()
    {
        var key = AesSeal.NewKey();
        var (wrapped, version) = await wrapping.WrapAsync(key, CancellationToken.None);
        CryptographicOperations.ZeroMemory(key);
        var row = new TableEntity(Partition, Current) { [WrappedKey] = wrapped, [WrappingVersion] = version };
        return (await rows.TryInsertAsync(row)).Row ?? throw new TemporarilyUnavailableException("storage");
    }
}
