using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>Parked requests. Pushed requests are stored in the same table: see <see cref="PushedRequestStore"/>.</summary>
internal sealed class RequestStore(TableSet tables) : IRequestStore
{
    public static readonly TableDescription Requests = new("Requests") { Expires = true };

    private const string HalfLoginProof = "HalfLoginProof";
    private const string HalfLoginRemember = "HalfLoginRemember";

    private const string EmailCodeSentAt = "EmailCodeSentAt";
    private const string EmailCodeTries = "EmailCodeTries";

    private readonly Table rows = tables[Requests];

    public Task InsertAsync(ParkedRequest request, CancellationToken cancellation) => rows.InsertAsync(ToRow(request));

    public async Task<ParkedRequest?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row && !PushedRequestStore.IsPushed(row) ? FromRow(row, address) : null;

    public async Task<WriteResult<ParkedRequest>> TryReplaceAsync(ParkedRequest request, CancellationToken cancellation)
    {
        var write = await rows.TryReplaceAsync(ToRow(request), request.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, request.Address));
    }

    private static TableEntity ToRow(ParkedRequest request)
    {
        var row = EntityExtensions.At(request.Address);
        row[nameof(ParkedRequest.BrowserHash)] = request.BrowserHash;
        row[nameof(ParkedRequest.Encoded)] = request.Encoded;
        row[nameof(ParkedRequest.ExpiresAt)] = request.ExpiresAt;
        row[nameof(ParkedRequest.SignedInAs)] = request.SignedInAs?.ToString();
        row[nameof(HalfLogin)] = request.HalfLogin?.Subject;
        row[HalfLoginProof] = request.HalfLogin?.Proof.ToString();
        row[HalfLoginRemember] = request.HalfLogin?.Remember;
        row[nameof(ParkedRequest.ChosenAs)] = request.ChosenAs?.ToString();
        row[nameof(ParkedRequest.PasskeySecret)] = request.PasskeySecret;
        row[nameof(EmailCode)] = request.EmailCode?.Sealed;
        row[EmailCodeSentAt] = request.EmailCode?.SentAt;
        row[EmailCodeTries] = request.EmailCode?.Tries;
        row[PushedRequestStore.Mark] = false;
        row[nameof(ParkedRequest.Pushed)] = request.Pushed?.ToString();
        row[nameof(ParkedRequest.CompletedAt)] = request.CompletedAt;
        return row;
    }

    private static HalfLogin? HalfLoginOf(TableEntity row) =>
        row.GetString(nameof(HalfLogin)) is { } subject && Proof.Parse(row.GetString(HalfLoginProof) ?? "") is { } proof
            ? new HalfLogin(subject, proof, row.GetBoolean(HalfLoginRemember) == true)
            : null;

    private static ParkedRequest FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        BrowserHash = row.GetBinary(nameof(ParkedRequest.BrowserHash)),
        Encoded = row.Text(nameof(ParkedRequest.Encoded)),
        ExpiresAt = row.Moment(nameof(ParkedRequest.ExpiresAt)),
        SignedInAs = row.Address(nameof(ParkedRequest.SignedInAs)),
        HalfLogin = HalfLoginOf(row),
        ChosenAs = row.Address(nameof(ParkedRequest.ChosenAs)),
        PasskeySecret = row.GetBinary(nameof(ParkedRequest.PasskeySecret)),
        EmailCode = row.GetBinary(nameof(EmailCode)) is { } code ? new EmailCode(code, row.Moment(EmailCodeSentAt), row.GetInt32(EmailCodeTries) ?? 0) : null,
        Pushed = row.Address(nameof(ParkedRequest.Pushed)),
        CompletedAt = row.GetDateTimeOffset(nameof(ParkedRequest.CompletedAt)),
        Version = row.Version(),
    };
}
