using Azure;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.Tables;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// Makes the wrapping key at the first start. If two instances started at the same time, Key Vault would make two versions. So the instances use the table to
/// decide which of them makes the key, and the others wait for it.
/// </summary>
internal sealed class WrappingKeyMaker(Table table, TimeProvider clock)
{
    private const string Partition = "Wrapping";
    private const string Until = "Until";
    private const int NotFound = 404;

    /// <summary>The time in which an instance can make the key. After that, another instance can make it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Both types of signing keys need it at the same time.
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <returns>The version of the key, which this or another instance made.</returns>
    /// <exception cref="OperationCanceledException">Another instance makes the key, and the key did not appear in time.</exception>
    public async Task<string> MakeAsync(KeyClient vault, string name, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                if (await FindAsync(vault, name, cancellation) is { } version)
                    return version;
                if (await IsMyTurnAsync(name, cancellation))
                {
                    // Another instance may have made the key since this one found it missing.
                    version = await FindAsync(vault, name, cancellation) ?? await CreateAsync(vault, name, cancellation);
                    await table.DeleteAsync(Partition, KeyText.Of(name));
                    return version;
                }
                await Task.Delay(Pause, cancellation);
            }
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private static async Task<string?> FindAsync(KeyClient vault, string name, CancellationToken cancellation)
    {
        try
        {
            return (await vault.GetKeyAsync(name, cancellationToken: cancellation)).Value.Properties.Version;
        }
        catch (RequestFailedException e) when (e.Status == NotFound)
        {
            return null;
        }
    }

    private async Task<bool> IsMyTurnAsync(string name, CancellationToken cancellation)
    {
        var row = await table.FindAsync(Partition, KeyText.Of(name), cancellation);
        var now = clock.GetUtcNow();
        if (row is not null && now < row.Moment(Until))
            return false;
        return (await table.TrySaveAsync(new TableEntity(Partition, KeyText.Of(name)) { [Until] = now + Turn }, row?.Version() ?? "")).Won;
    }

    private static async Task<string> CreateAsync(KeyClient vault, string name, CancellationToken cancellation)
    {
        var key = new CreateRsaKeyOptions(name) { KeySize = 2048, KeyOperations = { KeyOperation.WrapKey, KeyOperation.UnwrapKey } };
        return (await vault.CreateRsaKeyAsync(key, cancellation)).Value.Properties.Version;
    }
}
