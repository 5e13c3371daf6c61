using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class ConsentStore(TableSet tables) : IConsentStore
{
    public static readonly TableDescription Consents = new("Consents") { IsCopied = true };

    private readonly Table rows = tables[Consents];
    private readonly Table clientUsers = tables[ClientUsers.Users];

    public async Task<Consent?> FindAsync(string subject, string clientId, CancellationToken cancellation) =>
        await rows.FindAsync(KeyText.Of(subject), KeyText.Of(clientId), cancellation) is { } row ? FromRow(row, subject, clientId) : null;

    public async Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellation) =>
        [.. (await RowsOfAsync(subject, null, cancellation)).Select(row => FromRow(row, subject, row.GetString(nameof(Consent.ClientId)) ?? KeyText.TextOf(row.RowKey)))];

    public Task TouchAsync(Consent consent, DateTimeOffset now, CancellationToken cancellation) =>
        rows.MergeAsync(new TableEntity(KeyText.Of(consent.Subject), KeyText.Of(consent.ClientId)) { [nameof(Consent.LastUsedAt)] = now });

    public async Task DeleteAllAsync(string subject, CancellationToken cancellation)
    {
        foreach (var row in await RowsOfAsync(subject, [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellation))
        {
            // The consent is deleted last: as long as it exists, this can be run again. Its key is that of the client in the index.
            await clientUsers.DeleteAsync(row.RowKey, row.PartitionKey);
            await rows.DeleteAsync(row.PartitionKey, row.RowKey);
        }
    }

    private Task<List<TableEntity>> RowsOfAsync(string subject, IEnumerable<string>? select, CancellationToken cancellation) =>
        rows.ListAsync($"PartitionKey eq '{KeyText.Of(subject)}'", select, cancellation);

    public async Task<WriteResult<Consent>> TrySaveAsync(Consent consent, CancellationToken cancellation)
    {
        var row = new TableEntity(KeyText.Of(consent.Subject), KeyText.Of(consent.ClientId))
        {
            // Earlier releases do not write it. For a long id it cannot be read from the key, which is a hash.
            [nameof(Consent.ClientId)] = consent.ClientId,
            [nameof(Consent.Scopes)] = EntityExtensions.Join(consent.Scopes),
            [nameof(Consent.Resources)] = EntityExtensions.Join(consent.Resources),
            [nameof(Consent.Claims)] = EntityExtensions.Join(consent.Claims),
            [nameof(Consent.Details)] = consent.Details.Count == 0 ? null : EntityExtensions.Join(consent.Details),
            [nameof(Consent.GrantedAt)] = consent.GrantedAt,
            [nameof(Consent.RevokedBefore)] = consent.RevokedBefore,
            [nameof(Consent.LastUsedAt)] = consent.LastUsedAt,
        };
        // The index entry is written before the consent. A superfluous entry is noticed by its readers, but a missing one is not.
        var isGiven = !consent.IsRevoked && (consent.Version.Length == 0 || consent.RevokedBefore is not null);
        var entry = ClientUsers.EntryOf(consent.ClientId, consent.Subject);
        if (isGiven)
            await clientUsers.UpsertAsync(entry.ToRow());
        var write = await rows.TrySaveAsync(row, consent.Version);
        // The entry is written again, because a reader of the revoked consent may have removed it.
        if (write.Won && isGiven && consent.RevokedBefore is not null)
            await clientUsers.UpsertAsync(entry.ToRow());
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, consent.Subject, consent.ClientId));
    }

    public static Consent FromRow(TableEntity row, string subject, string clientId) => new()
    {
        Subject = subject,
        ClientId = clientId,
        Scopes = row.List(nameof(Consent.Scopes)),
        Resources = row.List(nameof(Consent.Resources)),
        Claims = row.List(nameof(Consent.Claims)),
        Details = row.List(nameof(Consent.Details)),
        GrantedAt = row.Moment(nameof(Consent.GrantedAt)),
        RevokedBefore = row.GetDateTimeOffset(nameof(Consent.RevokedBefore)),
        LastUsedAt = row.GetDateTimeOffset(nameof(Consent.LastUsedAt)),
        Version = row.Version(),
    };
}
