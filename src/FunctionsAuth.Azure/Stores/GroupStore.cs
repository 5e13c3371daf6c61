using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Groups have their own table, because earlier releases read every row of Scopes that is not a scope as a resource.</summary>
internal sealed class GroupStore(TableSet tables) : IGroupStore
{
    public static readonly TableDescription Groups = new("Groups") { IsCopied = true };

    private readonly Table rows = tables[Groups];

    private const string RowKey = "group";

    public async Task<Group?> FindAsync(string name, CancellationToken cancellation) =>
        await rows.FindAsync(KeyText.Of(name), RowKey, cancellation) is { } row ? FromRow(row) : null;

    public async Task<ListPage<Group>> ListAsync(ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync(null, request, cancellation);
        return page.With(page.Items.Select(FromRow));
    }

    public async Task<WriteResult<Group>> TrySaveAsync(Group group, CancellationToken cancellation) =>
        ResultOf(await rows.TrySaveAsync(StoreJson.ToRow(KeyText.Of(group.Name), RowKey, group), group.Version));

    public async Task<WriteResult<Group>> TryDeleteAsync(Group group, CancellationToken cancellation) =>
        ResultOf(await rows.TryDeleteAsync(KeyText.Of(group.Name), RowKey, group.Version));

    private static WriteResult<Group> ResultOf(TableWrite write) => new(write.Won, write.Row is null ? null : FromRow(write.Row));

    private static Group FromRow(TableEntity row) => StoreJson.FromRow<Group>(row) with { Version = row.Version() };
}
