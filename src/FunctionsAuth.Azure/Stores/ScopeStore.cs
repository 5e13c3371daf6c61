using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Scopes, resources and types of authorization details share a table. Each kind has a partition, so one query loads all of them.</summary>
internal sealed class ScopeStore(TableSet tables) : IScopeStore
{
    public static readonly TableDescription Scopes = new("Scopes") { IsCopied = true };

    private readonly Table rows = tables[Scopes];

    private const string ScopePartition = "scope";
    private const string ResourcePartition = "resource";
    private const string DetailsTypePartition = "authorization_details_type";

    public async Task<Catalog> LoadAsync(CancellationToken cancellation)
    {
        List<Scope> scopes = [];
        List<Resource> resources = [];
        List<AuthorizationDetailsType> types = [];
        foreach (var row in await rows.ListAsync(null, null, cancellation))
        {
            if (row.PartitionKey == ScopePartition)
                scopes.Add(ScopeOf(row));
            else if (row.PartitionKey == ResourcePartition)
                resources.Add(ResourceOf(row));
            else if (row.PartitionKey == DetailsTypePartition)
                types.Add(TypeOf(row));
        }
        return new Catalog(scopes, resources, types);
    }

    public async Task<WriteResult<Scope>> TrySaveAsync(Scope scope, CancellationToken cancellation) =>
        ResultOf(await rows.TrySaveAsync(StoreJson.ToRow(ScopePartition, KeyText.Of(scope.Name), scope), scope.Version), ScopeOf);

    public async Task<WriteResult<Resource>> TrySaveAsync(Resource resource, CancellationToken cancellation) =>
        ResultOf(await rows.TrySaveAsync(StoreJson.ToRow(ResourcePartition, KeyText.Of(resource.Identifier), resource), resource.Version), ResourceOf);

    public async Task<WriteResult<AuthorizationDetailsType>> TrySaveAsync(AuthorizationDetailsType type, CancellationToken cancellation)
    {
        var stored = new StoredDetailsType { Identifier = StoredDetailsType.Prefix + type.Type, DetailsType = type };
        return ResultOf(await rows.TrySaveAsync(StoreJson.ToRow(DetailsTypePartition, KeyText.Of(type.Type), stored), type.Version), TypeOf);
    }

    public async Task<WriteResult<Scope>> TryDeleteAsync(Scope scope, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(ScopePartition, KeyText.Of(scope.Name), scope.Version), ScopeOf);

    public async Task<WriteResult<Resource>> TryDeleteAsync(Resource resource, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(ResourcePartition, KeyText.Of(resource.Identifier), resource.Version), ResourceOf);

    public async Task<WriteResult<AuthorizationDetailsType>> TryDeleteAsync(AuthorizationDetailsType type, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(DetailsTypePartition, KeyText.Of(type.Type), type.Version), TypeOf);

    private static Scope ScopeOf(TableEntity row) => StoreJson.FromRow<Scope>(row) with { Version = row.Version() };

    private static Resource ResourceOf(TableEntity row) => StoreJson.FromRow<Resource>(row) with { Version = row.Version() };

    private static AuthorizationDetailsType TypeOf(TableEntity row) => StoreJson.FromRow<StoredDetailsType>(row).DetailsType with { Version = row.Version() };

    private static WriteResult<T> ResultOf<T>(TableWrite write, Func<TableEntity, T> read)
        where T : class => new(write.Won, write.Row is null ? null : read(write.Row));
}

/// <summary>
/// A type in the form of its row. Releases before this one read every row that is not a scope as a resource, and such releases run at the same time during an
/// update. With this identifier, the row looks to them like a resource that no client may ask for.
/// </summary>
internal sealed record StoredDetailsType
{
    public const string Prefix = "urn:functionsauth:authorization-details-type:";

    public required string Identifier { get; init; }

    public required AuthorizationDetailsType DetailsType { get; init; }
}
