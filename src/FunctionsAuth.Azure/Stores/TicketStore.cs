using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;

namespace FunctionsAuth.Azure.Stores;

internal sealed class TicketStore(TableSet tables) : ITicketStore
{
    public static readonly TableDescription Tickets = new("Tickets") { Expires = true };

    private readonly Table rows = tables[Tickets];

    public Task InsertAsync(Ticket ticket, CancellationToken cancellation) => rows.InsertAsync(ToRow(ticket));

    public async Task<Ticket?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<WriteResult<Ticket>> TryReplaceAsync(Ticket ticket, CancellationToken cancellation)
    {
        var write = await rows.TryReplaceAsync(ToRow(ticket), ticket.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row, ticket.Address));
    }

    private static TableEntity ToRow(Ticket ticket)
    {
        var row = EntityExtensions.At(ticket.Address);
        row[nameof(Ticket.Purpose)] = ticket.Purpose.ToString();
        row[nameof(Ticket.Subject)] = ticket.Subject;
        row[nameof(Ticket.Email)] = ticket.Email;
        row[nameof(Ticket.SecretHash)] = ticket.SecretHash;
        row[nameof(Ticket.MadeAt)] = ticket.MadeAt;
        row[nameof(Ticket.ExpiresAt)] = ticket.ExpiresAt;
        row[nameof(Ticket.Request)] = ticket.Request;
        row[nameof(Ticket.UsedAt)] = ticket.UsedAt;
        return row;
    }

    /// <summary>Null for a purpose that only a later release knows.</summary>
    private static Ticket? FromRow(TableEntity row, RecordAddress address) => !Enum.TryParse<TicketPurpose>(row.Text(nameof(Ticket.Purpose)), out var purpose) ? null : new()
    {
        Address = address,
        Purpose = purpose,
        Subject = row.GetString(nameof(Ticket.Subject)),
        Email = row.Text(nameof(Ticket.Email)),
        SecretHash = row.Bytes(nameof(Ticket.SecretHash)),
        MadeAt = row.Moment(nameof(Ticket.MadeAt)),
        ExpiresAt = row.Moment(nameof(Ticket.ExpiresAt)),
        Request = row.GetString(nameof(Ticket.Request)),
        UsedAt = row.GetDateTimeOffset(nameof(Ticket.UsedAt)),
        Version = row.Version(),
    };
}
