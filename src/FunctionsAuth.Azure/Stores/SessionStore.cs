using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A session and the clients that took part in it are rows of their own, next to each other: none of them grows.</summary>
internal sealed class SessionStore(TableSet tables) : ISessionStore
{
    public static readonly TableDescription Sessions = new("Sessions") { Expires = true };

    private readonly Table rows = tables[Sessions];

    private const string IdleSeconds = "IdleSeconds";
    private const string ClientId = "ClientId";

    // Stands in no address, so the row of a client can't be taken for a session.
    private const char ClientMark = '.';

    // Bytes: client ids may be long, and may have characters that a key can't have.
    private const int ClientKeyLength = 16;

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
        return rows.InsertAsync(row);
    }

    public async Task<Session?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        // A merge never makes a row, so a session that was deleted meanwhile stays deleted.
        var properties = EntityExtensions.At(session.Address);
        properties[nameof(Session.LastUsedAt)] = now;
        return rows.MergeAsync(properties);
    }

    public Task CloseAsync(RecordAddress address, CancellationToken cancellation)
    {
        var properties = EntityExtensions.At(address);
        properties[nameof(Session.SecretHash)] = Array.Empty<byte>();
        return rows.MergeAsync(properties);
    }

    public Task DeleteAsync(RecordAddress address, CancellationToken cancellation) => rows.DeleteAsync(address.PartitionKey, address.RowKey);

    public Task AddClientAsync(RecordAddress address, string clientId, CancellationToken cancellation)
    {
        // A row is a function of its key, so it makes no difference who writes it, or how often. An insert would cost a read
        // whenever the row is there.
        var key = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)).AsSpan(0, ClientKeyLength));
        return rows.UpsertAsync(new TableEntity(address.PartitionKey, address.RowKey + ClientMark + key) { [ClientId] = clientId });
    }

    public async Task<IReadOnlyList<string>> ClientsOfAsync(RecordAddress address, CancellationToken cancellation)
    {
        var (first, end) = (address.RowKey + ClientMark, address.RowKey + (char)(ClientMark + 1));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {address.PartitionKey} and RowKey ge {first} and RowKey lt {end}");
        List<string> clients = [];
        await foreach (var page in rows.QueryAsync(filter, [ClientId], cancellation))
            clients.AddRange(page.Values.Select(row => row.Text(ClientId)));
        return clients;
    }

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
