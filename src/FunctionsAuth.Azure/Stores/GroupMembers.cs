using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A partition for each group, with a row for each member. The rows are written with the users.</summary>
internal sealed class GroupMembers(TableSet tables) : IGroupMembers
{
    public static readonly TableDescription Members = new("GroupMembers");

    private readonly Table rows = tables[Members];
    private readonly UserIndex index = new(tables);

    public static IndexEntry EntryOf(string group, string subject) => new(Members, KeyText.Of(group), KeyText.Of(subject), subject);

    public async Task<ListPage<string>> ListAsync(string group, ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync($"PartitionKey eq '{KeyText.Of(group)}'", request, cancellation);
        return page.With(page.Items.Select(row => row.Text(IndexEntry.SubjectProperty)));
    }

    public Task ForgetAsync(string group, string subject, CancellationToken cancellation) => index.RemoveAsync(EntryOf(group, subject), subject, isGone: false);
}
