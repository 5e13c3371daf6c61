using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.KeyVault.Local;

namespace FunctionsAuth.Storage.Tests;

/// <summary>A vault that counts what is asked of it, and whose unwrapping a test can hold back or let fail.</summary>
public sealed class WrappedKeysVault(TimeProvider clock) : KeyClient
{
    public const string WrappingKey = "wrapping-rsa";

    private readonly LocalKeyClient keys = new(null, clock);
    private int asked;
    private int unwraps;
    private int wrappingKeys;

    /// <summary>All that it was asked for, unwrapping too.</summary>
    public int Asked => asked;

    public int Unwraps => unwraps;

    /// <summary>Runs before each unwrapping.</summary>
    public Func<Task>? BeforeUnwrap { get; set; }

    public override Uri VaultUri => keys.VaultUri;

    public override Task<Response<KeyVaultKey>> GetKeyAsync(string name, string? version = null, CancellationToken cancellationToken = default) =>
        Count(() => keys.GetKeyAsync(name, version, cancellationToken));

    /// <summary>How many versions of the wrapping key were made.</summary>
    public int WrappingKeys => wrappingKeys;

    public override Task<Response<KeyVaultKey>> CreateRsaKeyAsync(CreateRsaKeyOptions rsaKeyOptions, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref wrappingKeys);
        return Count(() => keys.CreateRsaKeyAsync(rsaKeyOptions, cancellationToken));
    }

    public override Task<Response<KeyVaultKey>> RotateKeyAsync(string name, CancellationToken cancellationToken = default) =>
        keys.RotateKeyAsync(name, cancellationToken);

    public override Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation>? keyOperations = null, CancellationToken cancellationToken = default) =>
        keys.UpdateKeyPropertiesAsync(properties, keyOperations, cancellationToken);

    public override CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null) =>
        new Wrapping(keys.GetCryptographyClient(keyName, keyVersion), this);

    private T Count<T>(Func<T> operation)
    {
        Interlocked.Increment(ref asked);
        return operation();
    }

    private sealed class Wrapping(CryptographyClient inner, WrappedKeysVault vault) : CryptographyClient
    {
        public override string KeyId => inner.KeyId;

        public override Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default) =>
            vault.Count(() => inner.WrapKeyAsync(algorithm, key, cancellationToken));

        public override async Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref vault.unwraps);
            if (vault.BeforeUnwrap is { } before)
                await before();
            return await vault.Count(() => inner.UnwrapKeyAsync(algorithm, encryptedKey, cancellationToken));
        }
    }
}
