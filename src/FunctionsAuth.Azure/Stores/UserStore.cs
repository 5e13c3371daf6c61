using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A user is one row, and each name that the user signs in with is another one, inserted if absent: that makes names unique.
/// </summary>
internal sealed class UserStore(TableSet tables) : IUserStore
{
    public static readonly TableDescription UserLogins = new("UserLogins") { IsCopied = true };
    public static readonly TableDescription Users = new("Users") { IsCopied = true };
    public static readonly TableDescription Decoys = new("Decoys") { Expires = true };

    private readonly Table logins = tables[UserLogins];
    private readonly Table users = tables[Users];
    private readonly Table decoys = tables[Decoys];

    private const string UserRow = "user";
    private const string LoginRow = "login";
    private const string Retired = "Retired";
    private const string TermsVersion = "TermsVersion";
    private const string TermsAcceptedAt = "TermsAcceptedAt";

    public async Task<User?> FindAsync(string subject, CancellationToken cancellation) =>
        await TableOf(subject).FindAsync(PartitionKey(subject), RowKey(subject), cancellation) is { } row ? FromRow(row, subject) : null;

    public async IAsyncEnumerable<User> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = LoginName.Normalize(prefix);
        await foreach (var page in users.QueryAsync(null, null, cancellation))
        {
            foreach (var row in page.Values)
            {
                var user = FromRow(row, KeyText.TextOf(row.PartitionKey));
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
        // The user first: a user without a name is harmless, a name without a user would be blocked for ever.
        if (!(await users.TryInsertAsync(ToRow(user))).Won)
            return false;
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
            await users.DeleteAsync(KeyText.Of(user.Subject), UserRow);
            return false;
        }
        return true;
    }

    public async Task<WriteResult<User>> TrySaveAsync(User user, CancellationToken cancellation)
    {
        var write = await TableOf(user.Subject).TrySaveAsync(ToRow(user), user.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, user.Subject));
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
        // Written in any case: whoever is about to retire the name, of which it is one again, finds another version.
        return write.Row?.GetString(nameof(User.Subject)) == subject && (await logins.TryReplaceAsync(row, write.Row.Version())).Row?.GetString(nameof(User.Subject)) == subject;
    }

    /// <summary>Takes the name of somebody who was deleted.</summary>
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
            // The user after the name: if the name is the user's again by then, its row has been written once more.
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
            if (await logins.FindAsync(key, LoginRow, cancellation) is { } row && row.GetString(nameof(User.Subject)) == subject)
                await logins.DeleteAsync(key, LoginRow, row.Version());
        }
    }

    private static TableEntity Login(string loginName, string subject) => new(LoginKey(loginName), LoginRow) { [nameof(User.Subject)] = subject };

    private static bool IsRetired(TableEntity row) => row.GetBoolean(Retired) == true;

    private static string LoginKey(string loginName) => HashOf(LoginName.Normalize(loginName));

    /// <summary>Where the row of a name is, and where an earlier release put it if its normal form was another one.</summary>
    private static IEnumerable<string> LoginKeys(string loginName) => ((string[])[LoginKey(loginName), HashOf(LoginName.NormalizeAsBefore(loginName))]).Distinct();

    /// <summary>Names may be longer than a key.</summary>
    private static string HashOf(string name) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private Table TableOf(string subject) => Decoy.TryParse(subject, out _) ? decoys : users;

    private static string PartitionKey(string subject) => Decoy.TryParse(subject, out var address) ? address.PartitionKey : KeyText.Of(subject);

    private static string RowKey(string subject) => Decoy.TryParse(subject, out var address) ? address.RowKey : UserRow;

    private static TableEntity ToRow(User user) => new(PartitionKey(user.Subject), RowKey(user.Subject))
    {
        [nameof(User.Username)] = user.Username,
        [nameof(User.PasswordHash)] = user.PasswordHash,
        [nameof(User.PasswordSetByMail)] = user.PasswordSetByMail ? true : null,
        [nameof(User.EmailUndos)] = user.EmailUndos.Count == 0 ? null : EntityExtensions.Join(user.EmailUndos),
        [nameof(User.Disabled)] = user.Disabled,
        [nameof(User.FailedLogins)] = user.FailedLogins,
        [nameof(User.LockedUntil)] = user.LockedUntil,
        [nameof(User.GuessesUntil)] = user.GuessesUntil,
        [nameof(User.DeviceFailures)] = user.DeviceFailures,
        [nameof(User.SessionsValidFrom)] = user.SessionsValidFrom,
        [nameof(User.DeletedAt)] = user.DeletedAt,
        [nameof(User.UsernameChanges)] = user.UsernameChanges == 0 ? null : user.UsernameChanges,
        [TermsVersion] = user.AcceptedTerms?.Version,
        [TermsAcceptedAt] = user.AcceptedTerms?.At,
        [nameof(User.Claims)] = StoreJson.Write(user.Claims),
        [nameof(User.Groups)] = user.Groups.Count == 0 ? null : EntityExtensions.Join(user.Groups),
    };

    private static User FromRow(TableEntity row, string subject) => new()
    {
        Subject = subject,
        Username = row.Text(nameof(User.Username)),
        PasswordHash = row.GetString(nameof(User.PasswordHash)),
        PasswordSetByMail = row.GetBoolean(nameof(User.PasswordSetByMail)) ?? false,
        EmailUndos = row.List(nameof(User.EmailUndos)),
        Disabled = row.GetBoolean(nameof(User.Disabled)) ?? false,
        FailedLogins = row.GetInt32(nameof(User.FailedLogins)) ?? 0,
        LockedUntil = row.GetDateTimeOffset(nameof(User.LockedUntil)),
        GuessesUntil = row.GetDateTimeOffset(nameof(User.GuessesUntil)),
        DeviceFailures = row.GetString(nameof(User.DeviceFailures)),
        DeletedAt = row.GetDateTimeOffset(nameof(User.DeletedAt)),
        UsernameChanges = row.GetInt32(nameof(User.UsernameChanges)) ?? 0,
        SessionsValidFrom = row.GetDateTimeOffset(nameof(User.SessionsValidFrom)),
        Claims = JsonNode.Parse(row.Text(nameof(User.Claims)))!.AsObject(),
        Groups = row.List(nameof(User.Groups)),
        AcceptedTerms = row.GetString(TermsVersion) is { } terms ? new AcceptedTerms(terms, row.Moment(TermsAcceptedAt)) : null,
        Version = row.Version(),
    };
}
