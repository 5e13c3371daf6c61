using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// Passkeys are stored with the other credentials of the user: see <see cref="CredentialStore"/>. Each credential id is another row, which is inserted only
/// if it does not exist. This makes ids unique among all users.
/// </summary>
internal sealed class PasskeyStore(TableSet tables) : IPasskeyStore
{
    public static readonly TableDescription CredentialIds = new("CredentialIds") { IsCopied = true };

    private const string IdRow = "id";
    private const string Subject = nameof(Passkey.Subject);

    private readonly Table rows = tables[CredentialStore.Credentials];
    private readonly Table ids = tables[CredentialIds];

    public async Task<string?> FindSubjectAsync(byte[] credentialId, CancellationToken cancellation) =>
        (await ids.FindAsync(Passkey.KeyOf(credentialId), IdRow, cancellation))?.Text(Subject);

    public async Task<bool> TryTakeIdAsync(byte[] credentialId, string subject, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = await ids.TryInsertAsync(new TableEntity(Passkey.KeyOf(credentialId), IdRow) { [Subject] = subject });
        return write.Won || write.Row?.GetString(Subject) == subject;
    }

    public async Task<WriteResult<PasskeyHolder>> TrySaveHolderAsync(PasskeyHolder holder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = await rows.TrySaveAsync(PasskeyRows.Of(holder), holder.Version);
        return new(write.Won, write.Row is null ? null : PasskeyRows.HolderOf(write.Row, holder.Subject));
    }

    public async Task<WriteResult<Passkey>> TrySaveAsync(Passkey passkey, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = await rows.TrySaveAsync(PasskeyRows.Of(passkey), passkey.Version);
        return new(write.Won, write.Row is null ? null : PasskeyRows.PasskeyOf(write.Row, passkey.Subject));
    }

    public async Task DeleteAsync(Passkey passkey, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await DeleteIdAsync(passkey.Key);
        await rows.DeleteAsync(KeyText.Of(passkey.Subject), PasskeyRows.RowKeyOf(passkey.Key));
    }

    public Task DeleteIdAsync(string key) => ids.DeleteAsync(key, IdRow);

    public async Task<int> CountOthersAsync(string relyingPartyId, CancellationToken cancellation) => (await rows.ListAsync(
        TableClient.CreateQueryFilter($"RowKey ge {PasskeyRows.Prefix} and RowKey lt {PasskeyRows.End} and RelyingPartyId ne {relyingPartyId}"),
        [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)],
        cancellation)).Count;
}
