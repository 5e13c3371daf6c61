using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Scopes, resources and types of authorization details share a table, a partition each, so that one query loads all of them.</summary>
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
                scopes.Add(StoreJson.FromRow<Scope>(row));
            else if (row.PartitionKey == ResourcePartition)
                resources.Add(StoreJson.FromRow<Resource>(row));
            else if (row.PartitionKey == DetailsTypePartition)
                types.Add(StoreJson.FromRow<StoredDetailsType>(row).DetailsType);
        }
        return new Catalog(scopes, resources, types);
    }

    public Task SaveAsync(Scope scope, CancellationToken cancellation) =>
        rows.UpsertAsync(StoreJson.ToRow(ScopePartition, KeyText.Of(scope.Name), scope));

    public Task SaveAsync(Resource resource, CancellationToken cancellation) =>
        rows.UpsertAsync(StoreJson.ToRow(ResourcePartition, KeyText.Of(resource.Identifier), resource));

    public Task SaveAsync(AuthorizationDetailsType type, CancellationToken cancellation) =>
        rows.UpsertAsync(StoreJson.ToRow(DetailsTypePartition, KeyText.Of(type.Type), new StoredDetailsType { Identifier = StoredDetailsType.Prefix + type.Type, DetailsType = type }));
}

/// <summary>
/// A type as its row has it. Releases before this one read every row that is no scope as a resource, and run beside this one during an update.
/// With an identifier the row is one to them that no client may ask for.
/// </summary>
internal sealed record StoredDetailsType
{
    public const string Prefix = "urn:functionsauth:authorization-details-type:";

    public required string Identifier { get; init; }

    public required AuthorizationDetailsType DetailsType { get; init; }
}
