using System.Globalization;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;

namespace FunctionsAuth.Azure.Stores;

internal sealed class SentMailStore(TableSet tables) : ISentMailStore
{
    public static readonly TableDescription SentMails = new("SentMails") { Expires = true };

    private readonly Table rows = tables[SentMails];

    public async Task<SentMail?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<WriteResult<SentMail>> TrySaveAsync(SentMail sent, CancellationToken cancellation)
    {
        var row = EntityExtensions.At(sent.Address);
        row[nameof(SentMail.Sent)] = EntityExtensions.Join(sent.Sent.Select(at => at.UtcTicks.ToString(CultureInfo.InvariantCulture)));
        var write = await rows.TrySaveAsync(row, sent.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, sent.Address));
    }

    private static SentMail FromRow(TableEntity row, RecordAddress address) =>
        new(address, [.. row.List(nameof(SentMail.Sent)).Select(ticks => new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero))]) { Version = row.Version() };
}
