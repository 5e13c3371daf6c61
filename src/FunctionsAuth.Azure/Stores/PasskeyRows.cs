using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Credentials;

namespace FunctionsAuth.Azure.Stores;

/// <summary>The rows of a user's passkeys, in the partition of the user.</summary>
internal static class PasskeyRows
{
    /// <summary>The prefix of the row key. The key of the passkey follows.</summary>
    public const string Prefix = "passkey:";

    /// <summary>The first text after all texts that begin with <see cref="Prefix"/>.</summary>
    public const string End = "passkey;";

    private const string HolderRow = "passkeys";

    public static string RowKeyOf(string key) => Prefix + key;

    public static bool IsPasskey(TableEntity row) => row.RowKey.StartsWith(Prefix, StringComparison.Ordinal);

    public static string KeyOf(TableEntity row) => row.RowKey[Prefix.Length..];

    public static bool IsHolder(TableEntity row) => row.RowKey == HolderRow;

    public static TableEntity Of(PasskeyHolder holder) => new(KeyText.Of(holder.Subject), HolderRow)
    {
        [nameof(PasskeyHolder.UserHandle)] = holder.UserHandle,
        [nameof(PasskeyHolder.Secret)] = holder.Secret,
        [nameof(PasskeyHolder.Keys)] = EntityExtensions.Join(holder.Keys),
    };

    public static PasskeyHolder HolderOf(TableEntity row, string subject) => new()
    {
        Subject = subject,
        UserHandle = row.Bytes(nameof(PasskeyHolder.UserHandle)),
        Secret = row.Bytes(nameof(PasskeyHolder.Secret)),
        Keys = row.List(nameof(PasskeyHolder.Keys)),
        Version = row.Version(),
    };

    public static TableEntity Of(Passkey passkey) => new(KeyText.Of(passkey.Subject), RowKeyOf(passkey.Key))
    {
        [nameof(Passkey.Id)] = passkey.Id,
        [nameof(Passkey.PublicKey)] = passkey.PublicKey,
        [nameof(Passkey.SignCount)] = (long)passkey.SignCount,
        [nameof(Passkey.IsSynced)] = passkey.IsSynced,
        [nameof(Passkey.Transports)] = EntityExtensions.Join(passkey.Transports),
        [nameof(Passkey.Name)] = passkey.Name,
        [nameof(Passkey.AddedAt)] = passkey.AddedAt,
        [nameof(Passkey.LastUsedAt)] = passkey.LastUsedAt,
        [nameof(Passkey.RelyingPartyId)] = passkey.RelyingPartyId,
    };

    public static Passkey PasskeyOf(TableEntity row, string subject) => new()
    {
        Subject = subject,
        Id = row.Bytes(nameof(Passkey.Id)),
        PublicKey = row.Bytes(nameof(Passkey.PublicKey)),
        SignCount = (uint)(row.GetInt64(nameof(Passkey.SignCount)) ?? 0),
        IsSynced = row.GetBoolean(nameof(Passkey.IsSynced)) ?? false,
        Transports = row.List(nameof(Passkey.Transports)),
        Name = row.Text(nameof(Passkey.Name)),
        AddedAt = row.Moment(nameof(Passkey.AddedAt)),
        LastUsedAt = row.GetDateTimeOffset(nameof(Passkey.LastUsedAt)),
        RelyingPartyId = row.Text(nameof(Passkey.RelyingPartyId)),
        Version = row.Version(),
    };
}
