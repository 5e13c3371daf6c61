using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class SessionStore(TableSet tables) : ISessionStore
{
    private const string IdleSeconds = "IdleSeconds";

    public Task InsertAsync(Session session, CancellationToken cancellation)
    {
        var row = EntityExtensions.At(session.Address);
        row[nameof(Session.SecretHash)] = session.SecretHash;
        row[nameof(Session.Subject)] = session.Subject;
        row[nameof(Session.Username)] = session.Username;
        row[nameof(Session.AuthTime)] = session.AuthTime;
        row[nameof(Session.Amr)] = EntityExtensions.Join(session.Amr);
        row[nameof(Session.Remembered)] = session.Remembered;
        row[nameof(Session.ExpiresAt)] = session.ExpiresAt;
        row[nameof(Session.LastUsedAt)] = session.LastUsedAt;
        row[IdleSeconds] = (long)session.IdleLifetime.TotalSeconds;
        row[nameof(Session.Former)] = EntityExtensions.Join(session.Former.Select(address => address.ToString()));
        return tables.Sessions.InsertAsync(row);
    }

    public async Task<Session?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await tables.Sessions.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        // A merge never makes a row, so a session that was deleted meanwhile stays deleted.
        var properties = EntityExtensions.At(session.Address);
        properties[nameof(Session.LastUsedAt)] = now;
        return tables.Sessions.MergeAsync(properties);
    }

    public Task CloseAsync(RecordAddress address, CancellationToken cancellation)
    {
        var properties = EntityExtensions.At(address);
        properties[nameof(Session.SecretHash)] = Array.Empty<byte>();
        return tables.Sessions.MergeAsync(properties);
    }

    public Task DeleteAsync(RecordAddress address, CancellationToken cancellation) => tables.Sessions.DeleteAsync(address.PartitionKey, address.RowKey);

    private static Session FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        SecretHash = row.Bytes(nameof(Session.SecretHash)),
        Subject = row.Text(nameof(Session.Subject)),
        Username = row.Text(nameof(Session.Username)),
        AuthTime = row.Moment(nameof(Session.AuthTime)),
        Amr = row.List(nameof(Session.Amr)),
        Remembered = row.GetBoolean(nameof(Session.Remembered)) ?? false,
        ExpiresAt = row.Moment(nameof(Session.ExpiresAt)),
        LastUsedAt = row.Moment(nameof(Session.LastUsedAt)),
        IdleLifetime = TimeSpan.FromSeconds(row.GetInt64(IdleSeconds) ?? 0),
        Former = [.. row.List(nameof(Session.Former)).Select(text => RecordAddress.TryParse(text, out var former) ? former : null).OfType<RecordAddress>()],
    };
}
