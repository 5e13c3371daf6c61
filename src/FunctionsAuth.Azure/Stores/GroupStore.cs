using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Groups;

namespace FunctionsAuth.Azure.Stores;

/// <summary>They have a table of their own: earlier releases take every row of Scopes that is no scope for a resource.</summary>
internal sealed class GroupStore(TableSet tables) : IGroupStore
{
    public static readonly TableDescription Groups = new("Groups") { IsCopied = true };

    private readonly Table rows = tables[Groups];

    private const string RowKey = "group";

    public async Task<Group?> FindAsync(string name, CancellationToken cancellation) =>
        await rows.FindAsync(KeyText.Of(name), RowKey, cancellation) is { } row ? StoreJson.FromRow<Group>(row) : null;

    public async Task<IReadOnlyList<Group>> ListAsync(CancellationToken cancellation) =>
        [.. (await rows.ListAsync(null, null, cancellation)).Select(StoreJson.FromRow<Group>)];

    public Task SaveAsync(Group group, CancellationToken cancellation) => rows.UpsertAsync(StoreJson.ToRow(KeyText.Of(group.Name), RowKey, group));
}
