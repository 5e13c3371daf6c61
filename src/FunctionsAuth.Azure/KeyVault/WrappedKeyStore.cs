using System.Collections.Concurrent;
using System.Globalization;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>
/// Signing keys that this app makes and keeps in a table, encrypted with Key Vault (<see cref="KeySeal"/>). Each instance decrypts a
/// version once and then signs in memory.
/// <para>The row key of a version is its number, and a row is inserted only if it does not exist. If several instances make the next version
/// at the same time, one of them succeeds.</para>
/// </summary>
internal sealed class WrappedKeyStore(KeyClient vault, Table table, KeyOptions options, bool isReserve, TimeProvider clock) : IKeyStore
{
    public static readonly TableDescription SigningKeys = new("SigningKeys");

    private const string Enabled = "Enabled";
    private const string CreatedAt = KeySeal.CreatedAt;

    private readonly KeySeal seal = new(new WrappingKey(vault, new WrappingKeyMaker(table, clock), options.WrappingKeyName));
    private readonly ConcurrentDictionary<(SigningKeyType Type, string Kid), Lazy<Task<PrivateKey>>> opened = new();

    public string Name => "wrapped";

    public bool IsReserve => isReserve;

    public bool IsApart => false;

    public async Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation)
    {
        List<KeyVersion> versions = [.. from row in await RowsAsync(type, cancellation) where row.GetBoolean(Enabled) == true select Describe(row)];
        foreach (var gone in opened.Keys.Where(key => key.Type == type && !versions.Exists(version => version.PublicKey.Kid == key.Kid)))
            opened.TryRemove(gone, out _);
        return versions;
    }

    public async Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation) => (await RowsAsync(type, cancellation)).Count > 0;

    public async Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation)
    {
        var key = await OpenOnceAsync(version).WaitAsync(cancellation);
        return key.Sign(algorithm, digest);
    }

    public byte[]? TrySign(KeyVersion version, string algorithm, Func<KeyVersion, byte[]> digestFor) =>
        opened.TryGetValue((version.PublicKey.Type, version.PublicKey.Kid), out var opening) && opening is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } key }
            ? key.Result.Sign(algorithm, digestFor(version))
            : null;

    public async Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation)
    {
        var rows = await RowsAsync(type, cancellation);
        if (rows.Exists(row => row.GetBoolean(Enabled) == true && (newest is null || row.Moment(CreatedAt) > newest.CreatedAt)))
            return;
        var number = rows.Select(row => int.Parse(row.RowKey, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max() + 1;
        var row = new TableEntity(type.ToString(), number.ToString("d8", CultureInfo.InvariantCulture))
        {
            [Enabled] = true,
            [CreatedAt] = clock.GetUtcNow(),
        };
        await seal.CloseAsync(PrivateKey.Create(type), row, cancellation);
        // If the row exists, another instance has made the version at the same time, and there is nothing left to do.
        await FromTableAsync(() => table.TryInsertAsync(row));
    }

    public async Task DisableAsync(KeyVersion version, CancellationToken cancellation)
    {
        var change = new TableEntity(version.PublicKey.Type.ToString(), version.Id) { [Enabled] = false };
        await FromTableAsync(async () =>
        {
            await table.MergeAsync(change);
            return true;
        });
        opened.TryRemove((version.PublicKey.Type, version.PublicKey.Kid), out _);
    }

    /// <summary>Only the rollover timer makes versions in a table.</summary>
    public Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation) => Task.FromResult(false);

    private KeyVersion Describe(TableEntity row) => new()
    {
        Id = row.RowKey,
        Store = Name,
        IsReserve = isReserve,
        PublicKey = KeySeal.PublicKeyOf(row),
        CreatedAt = row.Moment(CreatedAt),
        // Table Storage sets the timestamp with every change of the row, also with one that is made by hand.
        UpdatedAt = row.Timestamp,
    };

    private async Task<PrivateKey> OpenOnceAsync(KeyVersion version)
    {
        var key = (version.PublicKey.Type, version.PublicKey.Kid);
        // All requests wait for the same call, so the cancellation of one request must not end it.
        var opening = opened.GetOrAdd(key, _ => new Lazy<Task<PrivateKey>>(() => OpenAsync(version)));
        try
        {
            return await opening.Value;
        }
        catch
        {
            opened.TryRemove(new(key, opening));
            throw;
        }
    }

    private async Task<PrivateKey> OpenAsync(KeyVersion version)
    {
        var row = await FromTableAsync(() => table.FindAsync(version.PublicKey.Type.ToString(), version.Id, CancellationToken.None));
        if (row?.GetBoolean(Enabled) != true)
            throw new KeyStoreException(KeyStoreFailure.Refused);
        var key = await seal.OpenAsync(row, CancellationToken.None);
        // The row was replaced after it was listed.
        return key.PublicKey.Kid == version.PublicKey.Kid ? key : throw new KeyStoreException(KeyStoreFailure.Refused);
    }

    private Task<List<TableEntity>> RowsAsync(SigningKeyType type, CancellationToken cancellation) =>
        FromTableAsync(() => table.ListAsync($"PartitionKey eq '{type}'", null, cancellation));

    private static async Task<T> FromTableAsync<T>(Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (TemporarilyUnavailableException e)
        {
            throw new KeyStoreException(KeyStoreFailure.Failed, e);
        }
    }
}
