using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// One row for each call, found by a hash of its key. The rows of a day end together, so a call is searched in the rows of today and of yesterday.
/// </summary>
internal sealed class IdempotencyStore(TableSet tables) : IIdempotencyStore
{
    public static readonly TableDescription IdempotencyKeys = new("IdempotencyKeys") { Expires = true };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Table rows = tables[IdempotencyKeys];

    public async Task<(bool IsNew, IdempotentCall Call)> BeginAsync(string name, byte[] request, DateTimeOffset now, CancellationToken cancellation)
    {
        var call = new IdempotentCall { Address = AddressOf(name, now), Request = request, BegunAt = now };
        var yesterday = AddressOf(name, now.AddDays(-1));
        if (await rows.FindAsync(yesterday.PartitionKey, yesterday.RowKey, cancellation) is { } earlier && FromRow(earlier, yesterday) is var before && (before.Answer is not null || before.BegunAt + Patience > now))
            return (false, before);
        var write = await rows.TryInsertAsync(ToRow(call));
        if (!write.Won && write.Row is { } row && FromRow(row, call.Address) is { Answer: null } dead && dead.BegunAt + Patience <= now)
            write = await rows.TryReplaceAsync(ToRow(call), dead.Version);
        return write.Row is null ? throw new TemporarilyUnavailableException("storage") : (write.Won, FromRow(write.Row, call.Address));
    }

    public Task CompleteAsync(IdempotentCall call, CancellationToken cancellation) => rows.TryReplaceAsync(ToRow(call), call.Version);

    public Task ForgetAsync(IdempotentCall call, CancellationToken cancellation) => rows.DeleteAsync(call.Address.PartitionKey, call.Address.RowKey, call.Version);

    /// <summary>The address of a call that began on that day.</summary>
    private static RecordAddress AddressOf(string name, DateTimeOffset day) =>
        RecordAddress.Of(SHA256.HashData(Encoding.UTF8.GetBytes(name)), new DateTimeOffset(day.UtcDateTime.Date, TimeSpan.Zero).AddDays(2));

    private static TableEntity ToRow(IdempotentCall call)
    {
        var row = EntityExtensions.At(call.Address);
        row[nameof(IdempotentCall.Request)] = call.Request;
        row[nameof(IdempotentCall.BegunAt)] = call.BegunAt;
        row[nameof(IdempotentCall.Answer)] = call.Answer;
        return row;
    }

    private static IdempotentCall FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        Request = row.Bytes(nameof(IdempotentCall.Request)),
        BegunAt = row.Moment(nameof(IdempotentCall.BegunAt)),
        Answer = row.GetBinary(nameof(IdempotentCall.Answer)),
        Version = row.Version(),
    };
}
