using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A row for each key of each store, with its versions as one text.</summary>
internal sealed class KeyCopyStore(TableSet tables) : IKeyCopyStore
{
    public static readonly TableDescription PublicKeys = new("PublicKeys");

    private const string VersionsProperty = "Versions";

    private readonly Table rows = tables[PublicKeys];

    public async Task<KeyCopy?> FindAsync(string store, SigningKeyType type, CancellationToken cancellation) =>
        await rows.FindAsync(KeyText.Of(store), type.ToString(), cancellation) is { } row ? FromRow(row, store, type) : null;

    public async Task<WriteResult<KeyCopy>> TrySaveAsync(KeyCopy copy, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var row = new TableEntity(KeyText.Of(copy.Store), copy.Type.ToString())
        {
            [VersionsProperty] = StoreJson.Write(copy.Versions.Select(CopiedVersion.Of)),
        };
        var write = await rows.TrySaveAsync(row, copy.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, copy.Store, copy.Type));
    }

    private static KeyCopy FromRow(TableEntity row, string store, SigningKeyType type) => new()
    {
        Store = store,
        Type = type,
        Versions = [.. StoreJson.Read<CopiedVersion[]>(row.Text(VersionsProperty)).Select(version => version.ToVersion(store))],
        Version = row.Version(),
    };

    private sealed record CopiedVersion(
        string Id, JsonObject Jwk, bool IsReserve, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt)
    {
        public static CopiedVersion Of(KeyVersion version) => new(
            version.Id, version.PublicKey.ToJwk(), version.IsReserve, version.CreatedAt, version.UpdatedAt, version.NotBefore, version.ExpiresAt);

        public KeyVersion ToVersion(string store) => new()
        {
            Id = Id,
            Store = store,
            PublicKey = PublicKey.FromJwk(Jwk),
            IsReserve = IsReserve,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            NotBefore = NotBefore,
            ExpiresAt = ExpiresAt,
        };
    }
}
