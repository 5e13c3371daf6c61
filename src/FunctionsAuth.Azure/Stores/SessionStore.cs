using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A session and the clients that took part in it are separate rows, next to each other, so that no row grows. One more row, with the user's other
/// sessions, has the address of the session.
/// </summary>
internal sealed class SessionStore(TableSet tables) : ISessionStore
{
    public static readonly TableDescription Sessions = new("Sessions") { Expires = true };

    public static readonly TableDescription UserSessions = new("UserSessions") { Expires = true };

    private readonly Table rows = tables[Sessions];
    private readonly Table ofUsers = tables[UserSessions];

    private const int MostLookedAt = 500;
    private const int MostRepairs = 200;

    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private const string IdleSeconds = "IdleSeconds";
    private const string ClientId = "ClientId";

    // This text is in no address, so the row of a client cannot be mistaken for a session.
    private const char ClientMark = '.';

    // In bytes. The key is a hash, because client ids can be long and can have characters that are not allowed in a key.
    private const int ClientKeyLength = 16;

    public Task InsertAsync(Session session, CancellationToken cancellation)
    {
        var row = EntityExtensions.At(session.Address);
        row[nameof(Session.SecretHash)] = session.SecretHash;
        row[nameof(Session.Subject)] = session.Subject;
        row[nameof(Session.Username)] = session.Username;
        row[nameof(Session.AuthTime)] = session.AuthTime;
        row[nameof(Session.Amr)] = EntityExtensions.Join(session.Amr);
        row[nameof(Session.Proofs)] = EntityExtensions.Join(session.Proofs.Select(proof => proof.ToString()));
        row[nameof(Session.Remembered)] = session.Remembered;
        row[nameof(Session.ExpiresAt)] = session.ExpiresAt;
        row[nameof(Session.LastUsedAt)] = session.LastUsedAt;
        row[IdleSeconds] = (long)session.IdleLifetime.TotalSeconds;
        row[nameof(Session.Former)] = EntityExtensions.Join(session.Former.Select(address => address.ToString()));
        row[nameof(Session.Browser)] = session.Browser;
        row[nameof(Session.Country)] = session.Country;
        row[nameof(Session.PasswordClient)] = session.PasswordClient;
        return Task.WhenAll(rows.InsertAsync(row), ofUsers.InsertAsync(IndexRow(session)));
    }

    public async Task<Session?> FindAsync(RecordAddress address, CancellationToken cancellation) =>
        await rows.FindAsync(address.PartitionKey, address.RowKey, cancellation) is { } row ? FromRow(row, address) : null;

    public async Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellation)
    {
        List<(RecordAddress Address, bool IsSettled)> known = [];
        var (first, end) = (PersonRows.RowKey(subject, ""), PersonRows.EndOfRows(subject));
        foreach (var partition in PersonRows.PartitionKeys(subject, now, until))
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end}");
            foreach (var row in await ofUsers.ListAsync(filter, null, cancellation))
            {
                // A session and this row are written at the same time, so the session of a new row may not exist yet.
                if (RecordAddress.TryParse(PersonRows.KeyIn(row.RowKey), out var address))
                    known.Add((address, now - row.Moment(nameof(Session.AuthTime)) > Settled));
            }
        }
        // Sessions whose hour is over have ended. The ones that end last are checked first, because most others have ended too.
        var over = known.Where(one => one.Address.EndsIn.AddHours(1) <= now).ToList();
        var open = known.Except(over).OrderByDescending(one => one.Address.EndsIn).Take(MostLookedAt).ToList();
        var found = await Task.WhenAll(open.Select(one => FindAsync(one.Address, cancellation)));
        var ended = open.Zip(found).Where(pair => pair.First.IsSettled && !IsOpen(pair.Second, now)).Select(pair => pair.First.Address);
        // Only the timer deletes these rows.
        await Task.WhenAll(ended.Concat(over.Select(one => one.Address)).Take(MostRepairs).Select(address => ForgetAsync(subject, address)));
        return [.. found.OfType<Session>().Where(session => IsOpen(session, now)).OrderByDescending(session => session.AuthTime).Take(most)];
    }

    private static bool IsOpen(Session? session, DateTimeOffset now) => session is { IsClosed: false } && session.IsLive(now);

    private Task ForgetAsync(string subject, RecordAddress address) =>
        ofUsers.DeleteAsync(PersonRows.PartitionKey(subject, address.EndsIn), PersonRows.RowKey(subject, address.ToString()));

    private static TableEntity IndexRow(Session session) =>
        new(PersonRows.PartitionKey(session.Subject, session.Address.EndsIn), PersonRows.RowKey(session.Subject, session.Address.ToString()))
        {
            [nameof(Session.AuthTime)] = session.AuthTime,
        };

    public Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        // A merge never creates a row, so a session that was deleted in the meantime stays deleted.
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
        // A row depends only on its key, so it makes no difference who writes it, or how often. An insert would need an additional read if the row exists.
        var key = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)).AsSpan(0, ClientKeyLength));
        return rows.UpsertAsync(new TableEntity(address.PartitionKey, address.RowKey + ClientMark + key) { [ClientId] = clientId });
    }

    public async Task<IReadOnlyList<string>> ClientsOfAsync(RecordAddress address, CancellationToken cancellation)
    {
        var (first, end) = (address.RowKey + ClientMark, address.RowKey + (char)(ClientMark + 1));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {address.PartitionKey} and RowKey ge {first} and RowKey lt {end}");
        return [.. (await rows.ListAsync(filter, [ClientId], cancellation)).Select(row => row.Text(ClientId))];
    }

    /// <summary>A row of an earlier release has no proofs, because the password was the only method.</summary>
    private static IReadOnlyList<Proof> ProofsOf(TableEntity row) => row.List(nameof(Session.Proofs)) is { Count: > 0 } texts
        ? [.. texts.Select(Proof.Parse).OfType<Proof>()]
        : [new Proof(AuthenticationMethod.Password, row.Moment(nameof(Session.AuthTime)))];

    private static Session FromRow(TableEntity row, RecordAddress address) => new()
    {
        Address = address,
        SecretHash = row.Bytes(nameof(Session.SecretHash)),
        Subject = row.Text(nameof(Session.Subject)),
        Username = row.Text(nameof(Session.Username)),
        AuthTime = row.Moment(nameof(Session.AuthTime)),
        Amr = row.List(nameof(Session.Amr)),
        Proofs = ProofsOf(row),
        Remembered = row.GetBoolean(nameof(Session.Remembered)) ?? false,
        ExpiresAt = row.Moment(nameof(Session.ExpiresAt)),
        LastUsedAt = row.Moment(nameof(Session.LastUsedAt)),
        IdleLifetime = TimeSpan.FromSeconds(row.GetInt64(IdleSeconds) ?? 0),
        Browser = row.GetString(nameof(Session.Browser)),
        Country = row.GetString(nameof(Session.Country)),
        PasswordClient = row.GetString(nameof(Session.PasswordClient)),
        Former = [.. row.List(nameof(Session.Former)).Select(text => RecordAddress.TryParse(text, out var former) ? former : null).OfType<RecordAddress>()],
    };
}
