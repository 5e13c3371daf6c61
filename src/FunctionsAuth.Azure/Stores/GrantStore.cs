using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class GrantStore(TableSet tables) : IGrantStore
{
    public static readonly TableDescription Grants = new("Grants") { Expires = true };

    private readonly Table rows = tables[Grants];

    public Task InsertAsync(Grant grant, CancellationToken cancellation) => rows.InsertAsync(ToRow(grant));

    public async Task<Grant?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<WriteResult<Grant>> TryReplaceAsync(Grant grant, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = await rows.TryReplaceAsync(ToRow(grant), grant.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, grant.Address));
    }

    public Task RevokeAsync(RecordAddress address, DateTimeOffset at, CancellationToken cancellation)
    {
        var properties = EntityExtensions.At(address);
        properties[nameof(Grant.RevokedAt)] = at;
        return rows.MergeAsync(properties);
    }

    private static TableEntity ToRow(Grant grant)
    {
        var row = EntityExtensions.At(grant.Address);
        row[nameof(Grant.FamilyHash)] = grant.FamilyHash;
        row[nameof(Grant.ClientId)] = grant.ClientId;
        row[nameof(Grant.Subject)] = grant.Subject;
        row[nameof(Grant.SessionId)] = grant.SessionId.ToString();
        row[nameof(Grant.CreatedAt)] = grant.CreatedAt;
        row[nameof(Grant.Scopes)] = EntityExtensions.Join(grant.Scopes);
        row[nameof(Grant.Resources)] = EntityExtensions.Join(grant.Resources);
        row[nameof(Grant.Details)] = grant.Details.Count == 0 ? null : grant.Details.ToString();
        row[nameof(Grant.AuthTime)] = grant.AuthTime;
        row[nameof(Grant.Amr)] = EntityExtensions.Join(grant.Amr);
        row[nameof(Grant.Acr)] = grant.Acr;
        row[nameof(Grant.Nonce)] = grant.Nonce;
        row[nameof(Grant.UserSnapshot)] = grant.UserSnapshot?.ToString();
        row[nameof(Grant.Claims)] = grant.Claims?.ToString();
        row[nameof(Grant.RedirectUri)] = grant.RedirectUri;
        row[nameof(Grant.CodeChallenge)] = grant.CodeChallenge;
        row[nameof(Grant.DpopJkt)] = grant.DpopJkt;
        row[nameof(Grant.CertificateThumbprint)] = grant.CertificateThumbprint;
        row[nameof(Grant.CodeHash)] = grant.CodeHash;
        row[nameof(Grant.CodeExpiresAt)] = grant.CodeExpiresAt;
        row[nameof(Grant.CodeRedeemedAt)] = grant.CodeRedeemedAt;
        row[nameof(Grant.RefreshUntil)] = grant.RefreshUntil;
        row[nameof(Grant.RefreshHash)] = grant.RefreshHash;
        row[nameof(Grant.PreviousRefreshHash)] = grant.PreviousRefreshHash;
        row[nameof(Grant.RotationSalt)] = grant.RotationSalt;
        row[nameof(Grant.RotatedAt)] = grant.RotatedAt;
        row[nameof(Grant.EarlierRefreshHash)] = grant.EarlierRefreshHash;
        row[nameof(Grant.EarlierRotationSalt)] = grant.EarlierRotationSalt;
        row[nameof(Grant.EarlierRotatedAt)] = grant.EarlierRotatedAt;
        row[nameof(Grant.RevokedAt)] = grant.RevokedAt;
        return row;
    }

    private static Grant FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        FamilyHash = row.Bytes(nameof(Grant.FamilyHash)),
        ClientId = row.Text(nameof(Grant.ClientId)),
        Subject = row.Text(nameof(Grant.Subject)),
        SessionId = row.Address(nameof(Grant.SessionId))!,
        CreatedAt = row.Moment(nameof(Grant.CreatedAt)),
        Scopes = row.List(nameof(Grant.Scopes)),
        Resources = row.List(nameof(Grant.Resources)),
        Details = AuthorizationDetails.Stored(row.GetString(nameof(Grant.Details))),
        AuthTime = row.Moment(nameof(Grant.AuthTime)),
        Amr = row.List(nameof(Grant.Amr)),
        Acr = row.GetString(nameof(Grant.Acr)),
        Nonce = row.GetString(nameof(Grant.Nonce)),
        UserSnapshot = UserSnapshot.Parse(row.GetString(nameof(Grant.UserSnapshot))),
        Claims = row.GetString(nameof(Grant.Claims)) is { } claims ? ClaimsRequest.Parse(claims) : null,
        RedirectUri = row.GetString(nameof(Grant.RedirectUri)),
        CodeChallenge = row.GetString(nameof(Grant.CodeChallenge)),
        DpopJkt = row.GetString(nameof(Grant.DpopJkt)),
        CertificateThumbprint = row.GetString(nameof(Grant.CertificateThumbprint)),
        CodeHash = row.Bytes(nameof(Grant.CodeHash)),
        CodeExpiresAt = row.Moment(nameof(Grant.CodeExpiresAt)),
        CodeRedeemedAt = row.GetDateTimeOffset(nameof(Grant.CodeRedeemedAt)),
        RefreshUntil = row.GetDateTimeOffset(nameof(Grant.RefreshUntil)),
        RefreshHash = row.GetBinary(nameof(Grant.RefreshHash)),
        PreviousRefreshHash = row.GetBinary(nameof(Grant.PreviousRefreshHash)),
        RotationSalt = row.GetBinary(nameof(Grant.RotationSalt)),
        RotatedAt = row.GetDateTimeOffset(nameof(Grant.RotatedAt)),
        EarlierRefreshHash = row.GetBinary(nameof(Grant.EarlierRefreshHash)),
        EarlierRotationSalt = row.GetBinary(nameof(Grant.EarlierRotationSalt)),
        EarlierRotatedAt = row.GetDateTimeOffset(nameof(Grant.EarlierRotatedAt)),
        RevokedAt = row.GetDateTimeOffset(nameof(Grant.RevokedAt)),
        Version = row.Version(),
    };
}
