using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Lists usernames first, then email addresses. The position in the list begins with the kind of the current name.</summary>
internal sealed class UserDirectory(TableSet tables) : IUserDirectory
{
    public static readonly TableDescription UserNames = new("UserNames");

    private readonly Table rows = tables[UserNames];
    private readonly UserIndex index = new(tables);

    public async Task<ListPage<string>> FindAsync(string prefix, ListRequest request, CancellationToken cancellation)
    {
        var start = LoginName.Normalize(prefix);
        if (start.Length == 0)
        {
            var all = await rows.PageAsync(NameEntry.All(NameEntry.Username), request, cancellation);
            return all.With(all.Items.Select(SubjectOf));
        }
        var (kind, position) = PositionIn(request.After);
        var names = await FindAsync(kind, start, request with { After = position }, cancellation);
        if (kind == NameEntry.Email)
            return names;
        if (names.Next is not null)
            return names;
        if (names.Items.Count == request.Most)
            return names with { Next = NameEntry.Email.ToString() };
        var emails = await FindAsync(NameEntry.Email, start, new(request.Most - names.Items.Count, null), cancellation);
        return emails.With(names.Items.Union(emails.Items));
    }

    public Task ForgetAsync(string loginName, string subject, CancellationToken cancellation) => Task.WhenAll(
        ((char[])[NameEntry.Username, NameEntry.Email]).Select(kind => index.RemoveAsync(NameEntry.Of(kind, loginName, subject), subject, isGone: false)));

    private static (char Kind, string? Position) PositionIn(string? after) => after switch
    {
        null => (NameEntry.Username, null),
        [NameEntry.Username or NameEntry.Email, ..] => (after[0], after.Length > 1 ? after[1..] : null),
        _ => throw Table.NoPosition(),
    };

    private async Task<ListPage<string>> FindAsync(char kind, string start, ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync(NameEntry.BeginningWith(kind, start), request, cancellation);
        var found = page.Items.Where(row => row.GetString(IndexEntry.NameProperty)?.StartsWith(start, StringComparison.Ordinal) != false);
        return new([.. found.Select(SubjectOf)], page.Next is null ? null : kind + page.Next);
    }

    private static string SubjectOf(TableEntity row) => row.Text(IndexEntry.SubjectProperty);
}
