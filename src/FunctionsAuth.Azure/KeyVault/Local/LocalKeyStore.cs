using Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Signing keys in files of this machine. If several processes find at the same time that a version is due, one of them makes it.</summary>
internal sealed class LocalKeyStore(LocalKeyClient client, KeyOptions options, bool isReserve) : KeyVaultKeyStore(client, options, isReserve), IKeyStore
{
    public override bool IsApart => false;

    public byte[]? TrySign(KeyVersion version, string algorithm, Func<KeyVersion, byte[]> digestFor)
    {
        try
        {
            return SignerOf(version) is LocalCryptographyClient signer ? signer.TrySign(algorithm, version, digestFor) : null;
        }
        catch (Exception e) when (e is RequestFailedException or InvalidDataException or KeyFilesException)
        {
            // SignAsync reports the reason.
            return null;
        }
    }

    public override Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => VaultCall.RunAsync(
        async () =>
        {
            await client.RunAloneAsync(() => CreateUnlessNewerAsync(type, newest, cancellation), cancellation);
            return true;
        },
        cancellation);

    private async Task CreateUnlessNewerAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation)
    {
        var versions = await ListAsync(type, cancellation);
        if (!versions.Any(version => newest is null || version.CreatedAt > newest.CreatedAt))
            await base.CreateAsync(type, newest, cancellation);
    }
}
