using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Scopes and resources share a table, a partition each, so that one query loads both.</summary>
internal sealed class ScopeStore(TableSet tables) : IScopeStore
{
    public static readonly TableDescription Scopes = new("Scopes") { IsCopied = true };

    private readonly Table rows = tables[Scopes];

    private const string ScopePartition = "scope";
    private const string ResourcePartition = "resource";

    public async Task<Catalog> LoadAsync(CancellationToken cancellation)
    {
        List<Scope> scopes = [];
        List<Resource> resources = [];
        foreach (var row in await rows.ListAsync(null, null, cancellation))
        {
            if (row.PartitionKey == ScopePartition)
                scopes.Add(StoreJson.FromRow<Scope>(row));
            else
                resources.Add(StoreJson.FromRow<Resource>(row));
        }
        return new Catalog(scopes, resources);
    }

    public Task SaveAsync(Scope scope, CancellationToken cancellation) =>
        rows.UpsertAsync(StoreJson.ToRow(ScopePartition, KeyText.Of(scope.Name), scope));

    public Task SaveAsync(Resource resource, CancellationToken cancellation) =>
        rows.UpsertAsync(StoreJson.ToRow(ResourcePartition, KeyText.Of(resource.Identifier), resource));
}
