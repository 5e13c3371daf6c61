using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Signing keys of this machine. Of several processes that find it time for a new version at once, one makes it.</summary>
internal sealed class LocalKeyStore(LocalKeyClient client, KeyOptions options, bool isReserve) : KeyVaultKeyStore(client, options, isReserve)
{
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
