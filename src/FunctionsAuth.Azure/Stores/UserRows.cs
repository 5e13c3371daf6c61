using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>The row of a user, and its keys.</summary>
internal static class UserRows
{
    private const string UserRow = "user";
    private const string TermsVersion = "TermsVersion";
    private const string TermsAcceptedAt = "TermsAcceptedAt";

    public static string PartitionKey(string subject) => Decoy.TryParse(subject, out var address) ? address.PartitionKey : KeyText.Of(subject);

    public static string RowKey(string subject) => Decoy.TryParse(subject, out var address) ? address.RowKey : UserRow;

    public static TableEntity ToRow(User user) => new(PartitionKey(user.Subject), RowKey(user.Subject))
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

    public static User FromRow(TableEntity row, string subject)
    {
        var user = Read(row, subject);
        return user with { AsRead = user };
    }

    private static User Read(TableEntity row, string subject) => new()
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
