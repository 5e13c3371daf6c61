using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Additional rows of a user, by which operators find users: the names and the groups.</summary>
internal sealed class UserIndex(TableSet tables)
{
    private readonly Table users = tables[UserStore.Users];

    /// <returns>The entries; none for a user who was deleted or is unknown.</returns>
    public static IReadOnlyList<IndexEntry> EntriesOf(User? user)
    {
        if (user is null or { DeletedAt: not null })
            return [];
        var names = user.LoginNames().Select((name, i) => NameEntry.Of(i == 0 ? NameEntry.Username : NameEntry.Email, name, user.Subject));
        return [.. names, .. user.Groups.Select(group => GroupMembers.EntryOf(group, user.Subject))];
    }

    public Task AddAsync(IEnumerable<IndexEntry> entries) => Task.WhenAll(entries.Select(entry => tables[entry.Table].UpsertAsync(entry.ToRow())));

    /// <summary>Removes the entries that the user's own record does not have.</summary>
    public Task RemoveAsync(IEnumerable<IndexEntry> entries, string subject) => Task.WhenAll(entries.Select(entry => RemoveAsync(entry, subject, isGone: true)));

    /// <param name="isGone">Whether to remove the entry if the user has no record. The record may be about to be written.</param>
    public async Task RemoveAsync(IndexEntry entry, string subject, bool isGone)
    {
        if (await tables[entry.Table].FindAsync(entry.Partition, entry.Row, CancellationToken.None) is not { } row)
            return;
        // The user is read after the entry. If the entry is right again by then, it was written again, and its new version prevents the deletion.
        var user = await users.FindAsync(UserRows.PartitionKey(subject), UserRows.RowKey(subject), CancellationToken.None);
        if (user is null ? isGone : !EntriesOf(UserRows.FromRow(user, subject)).Contains(entry))
            await tables[entry.Table].DeleteAsync(entry.Partition, entry.Row, row.Version());
    }
}
