using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A user is one row, and each login name is another row that is inserted only if absent, which makes names unique. With every change of a user, the
/// rows of the indexes for operators are written here. The last administrator cannot be removed.
/// </summary>
internal sealed partial class UserStore(TableSet tables, Administrators administrators, ILogger<UserStore> log) : IUserStore
{
    public static readonly TableDescription UserLogins = new("UserLogins") { IsCopied = true };
    public static readonly TableDescription Users = new("Users") { IsCopied = true };
    public static readonly TableDescription Decoys = new("Decoys") { Expires = true };

    private readonly Table logins = tables[UserLogins];
    private readonly Table users = tables[Users];
    private readonly Table decoys = tables[Decoys];
    private readonly UserIndex index = new(tables);

    private const string LoginRow = "login";
    private const string Retired = "Retired";

    public async Task<User?> FindAsync(string subject, CancellationToken cancellation) =>
        await TableOf(subject).FindAsync(UserRows.PartitionKey(subject), UserRows.RowKey(subject), cancellation) is { } row ? UserRows.FromRow(row, subject) : null;

    public async IAsyncEnumerable<User> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = LoginName.Normalize(prefix);
        await foreach (var page in users.QueryAsync(null, null, cancellation))
        {
            foreach (var row in page.Values)
            {
                var user = UserRows.FromRow(row, KeyText.TextOf(row.PartitionKey));
                if (user.DeletedAt is null && LoginName.Normalize(user.Username).StartsWith(start, StringComparison.Ordinal))
                    yield return user;
            }
        }
    }

    public async Task<string?> FindSubjectAsync(string loginName, CancellationToken cancellation) =>
        await FindLoginAsync(loginName, cancellation) is { } row && !IsRetired(row) ? row.GetString(nameof(User.Subject)) : null;

    public async Task<string?> FindOwnerAsync(string loginName, CancellationToken cancellation) =>
        (await FindLoginAsync(loginName, cancellation))?.GetString(nameof(User.Subject));

    private async Task<TableEntity?> FindLoginAsync(string loginName, CancellationToken cancellation) =>
        (await Task.WhenAll(LoginKeys(loginName).Select(key => logins.FindAsync(key, LoginRow, cancellation)))).OfType<TableEntity>().FirstOrDefault();

    public async Task<bool> TryCreateAsync(User user, bool byOperator, CancellationToken cancellation)
    {
        await index.AddAsync(UserIndex.EntriesOf(user));
        // The user is written before the names: a user without a name is harmless, but a name without a user would be blocked for ever.
        if (!(await users.TryInsertAsync(UserRows.ToRow(user))).Won)
        {
            await index.RemoveAsync(UserIndex.EntriesOf(user), user.Subject);
            return false;
        }
        List<string> added = [];
        foreach (var name in user.LoginNames())
        {
            if (await TryAddLoginNameAsync(name, user.Subject, cancellation) || (byOperator && await TryTakeOverAsync(name, user.Subject, cancellation)))
            {
                added.Add(name);
                continue;
            }
            foreach (var former in added)
                await logins.DeleteAsync(LoginKey(former), LoginRow);
            await users.DeleteAsync(UserRows.PartitionKey(user.Subject), UserRows.RowKey(user.Subject));
            await index.RemoveAsync(UserIndex.EntriesOf(user), user.Subject);
            return false;
        }
        if (administrators.Has(user))
            await TryAsync(() => administrators.NoteAsync(user, cancellation));
        return true;
    }

    public async Task<WriteResult<User>> TrySaveAsync(User user, CancellationToken cancellation)
    {
        if (Decoy.TryParse(user.Subject, out _))
            return await TryWriteAsync(user);
        var before = user.Version.Length == 0 ? null : user.AsRead ?? await FindAsync(user.Subject, cancellation);
        var (were, are) = (UserIndex.EntriesOf(before), UserIndex.EntriesOf(user));
        List<IndexEntry> added = [.. are.Except(were)], removed = [.. were.Except(are)];
        await index.AddAsync(added);
        var departure = before is not null && administrators.Has(before) && !administrators.Has(user) ? await administrators.BeginDepartureAsync(user, this, cancellation) : null;
        var result = await TryWriteAsync(user);
        // The user is written, so a later failure must not fail the request. Readers of the indexes repair them.
        if (departure is not null)
            await TryAsync(() => administrators.EndDepartureAsync(departure, cancellation));
        if (!result.Won)
            return result;
        // The entry is written again, because a reader with the old user record may have removed it.
        await TryAsync(() => index.AddAsync(added));
        await TryAsync(() => index.RemoveAsync(removed, user.Subject));
        if (administrators.Has(user) && (before is null || !administrators.Has(before)))
            await TryAsync(() => administrators.NoteAsync(user, cancellation));
        return result;
    }

    private async Task<WriteResult<User>> TryWriteAsync(User user)
    {
        var write = await TableOf(user.Subject).TrySaveAsync(UserRows.ToRow(user), user.Version);
        return new(write.Won, write.Row is null ? null : UserRows.FromRow(write.Row, user.Subject));
    }

    private async Task TryAsync(Func<Task> mend)
    {
        try
        {
            await mend();
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotMended(e);
        }
    }

    public async Task<bool> TryAddLoginNameAsync(string loginName, string subject, CancellationToken cancellation)
    {
        foreach (var former in LoginKeys(loginName).Skip(1))
        {
            if (await logins.FindAsync(former, LoginRow, cancellation) is { } taken && taken.GetString(nameof(User.Subject)) != subject)
                return false;
        }
        var row = Login(loginName, subject);
        var write = await logins.TryInsertAsync(row);
        if (write.Won)
            return true;
        // This is always written, so that a request that is about to retire this name finds another version.
        return write.Row?.GetString(nameof(User.Subject)) == subject && (await logins.TryReplaceAsync(row, write.Row.Version())).Row?.GetString(nameof(User.Subject)) == subject;
    }

    /// <summary>Takes over the name of a deleted user.</summary>
    private async Task<bool> TryTakeOverAsync(string loginName, string subject, CancellationToken cancellation)
    {
        foreach (var key in LoginKeys(loginName))
        {
            if (await logins.FindAsync(key, LoginRow, cancellation) is not { } taken)
                continue;
            if (!IsRetired(taken) || await FindAsync(taken.Text(nameof(User.Subject)), cancellation) is not { DeletedAt: not null })
                return false;
            await logins.DeleteAsync(key, LoginRow, taken.Version());
        }
        return await TryAddLoginNameAsync(loginName, subject, cancellation);
    }

    public async Task RetireLoginNameAsync(string loginName, string subject, CancellationToken cancellation)
    {
        foreach (var key in LoginKeys(loginName))
        {
            if (await logins.FindAsync(key, LoginRow, cancellation) is not { } row || row.GetString(nameof(User.Subject)) != subject)
                continue;
            // The user is read after the name: if the name belongs to the user again by then, the row has a new version.
            var user = await FindAsync(subject, cancellation);
            if (user?.HasLoginName(loginName) == true)
                continue;
            var retired = new TableEntity(row.PartitionKey, row.RowKey) { [nameof(User.Subject)] = subject, [Retired] = true };
            await logins.TryReplaceAsync(retired, row.Version());
        }
    }

    public async Task RemoveLoginNameAsync(string loginName, string subject, CancellationToken cancellation)
    {
        foreach (var key in LoginKeys(loginName))
        {
            if (await logins.FindAsync(key, LoginRow, cancellation) is not { } row || row.GetString(nameof(User.Subject)) != subject)
                continue;
            // The user is read after the name: if the name belongs to the user, by this or by another change, it is kept.
            if ((await FindAsync(subject, cancellation))?.HasLoginName(loginName) != true)
                await logins.DeleteAsync(key, LoginRow, row.Version());
        }
    }

    private static TableEntity Login(string loginName, string subject) => new(LoginKey(loginName), LoginRow) { [nameof(User.Subject)] = subject };

    private static bool IsRetired(TableEntity row) => row.GetBoolean(Retired) == true;

    private static string LoginKey(string loginName) => HashOf(LoginName.Normalize(loginName));

    /// <summary>The key of a name's row, and the key in earlier releases if the name had another normal form there.</summary>
    private static IEnumerable<string> LoginKeys(string loginName) => ((string[])[LoginKey(loginName), HashOf(LoginName.NormalizeAsBefore(loginName))]).Distinct();

    /// <summary>A hash, because names can be longer than a key.</summary>
    private static string HashOf(string name) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private Table TableOf(string subject) => Decoy.TryParse(subject, out _) ? decoys : users;

    [LoggerMessage(3008, LogLevel.Warning, "A user was stored, but its index entry could not be stored")]
    private partial void LogNotMended(Exception exception);
}
