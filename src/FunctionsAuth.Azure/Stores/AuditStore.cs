using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// An event is one row in the partition of its hour, on one of 16 shards, and one more row with the other events of the user. In each partition the
/// newest row comes first.
/// </summary>
internal sealed class AuditStore(TableSet tables) : IAuditStore
{
    public static readonly TableDescription Events = new("Audit") { Expires = true, Delay = options => options.Audit.KeepFor };
    public static readonly TableDescription EventsOfPeople = new("AuditOfPeople") { Expires = true, Delay = options => options.Audit.KeepFor };

    private const int IdLength = 8;

    // The number of rows that are rewritten at the same time.
    private const int Width = 16;

    private readonly Table events = tables[Events];
    private readonly Table people = tables[EventsOfPeople];

    public Task WriteAsync(AuditEvent entry)
    {
        // The first digit of the id is the shard.
        var key = Inverted(entry.At) + RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        var writing = events.InsertAsync(ToRow(entry, PartitionOf(key, entry.At), key));
        // The same number of rows is read if the name is unknown, so that the response time does not show which names exist.
        var owner = entry.Subject ?? (entry.Kind == AuditKind.SignInFailed ? key : null);
        return owner is null ? writing : Task.WhenAll(writing, people.InsertAsync(ToRow(entry, PersonRows.PartitionKey(owner, entry.At), PersonRows.RowKey(owner, key))));
    }

    public async Task<IReadOnlyList<AuditEvent>> FindAsync(AuditQuery query, CancellationToken cancellation)
    {
        if (query.Subject is { } subject)
            return [.. (await OfPersonAsync(subject, query, cancellation)).Select(FromRow).OfType<AuditEvent>()];
        List<AuditEvent> found = [];
        foreach (var (from, to) in Spans(query))
        {
            var part = query with { From = from, To = to, Most = query.Most - found.Count };
            var shards = await Task.WhenAll(Enumerable.Range(0, RecordAddress.ShardCount).Select(shard => OfShardAsync(shard, part, cancellation)));
            found.AddRange(shards.SelectMany(rows => rows).OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(part.Most).Select(FromRow).OfType<AuditEvent>());
            if (found.Count >= query.Most)
                break;
        }
        return found;
    }

    /// <summary>
    /// The time range is read from its end: first an hour, and then twice as much each time. So the number of reads depends on the results, not on
    /// the stored events.
    /// </summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(AuditQuery query)
    {
        var (to, length) = (query.To, TimeSpan.FromHours(1));
        while (to - query.From > length)
        {
            yield return (to - length, to);
            to = to - length - TimeSpan.FromTicks(1);
            length *= 2;
        }
        if (to >= query.From)
            yield return (query.From, to);
    }

    public async Task ForgetAsync(string subject, string pseudonym, CancellationToken cancellation)
    {
        var all = new AuditQuery(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, int.MaxValue);
        // One query reads all partitions of the user's shard, because one query for each 30 days since 1970 would be too many.
        var partition = PersonRows.PartitionKey(subject, DateTimeOffset.UnixEpoch)[..1];
        var filter = $"PartitionKey ge '{partition}' and PartitionKey lt '{partition}g' and {Filter(PersonRows.RowKey(subject, ""), PersonRows.EndOfRows(subject), all)}";
        await foreach (var page in people.QueryAsync(filter, null, cancellation))
        {
            foreach (var chunk in page.Values.Chunk(Width))
                await Task.WhenAll(chunk.Select(row => ForgetAsync(row, pseudonym)));
        }
    }

    private async Task ForgetAsync(TableEntity row, string pseudonym)
    {
        // The event is changed first: as long as the row of the user exists, this can be run again.
        var key = PersonRows.KeyIn(row.RowKey);
        await events.MergeAsync(new TableEntity(PartitionOf(key, row.Moment(nameof(AuditEvent.At))), key)
        {
            [nameof(AuditEvent.Subject)] = pseudonym,
            [nameof(AuditEvent.Network)] = "",
            [nameof(AuditEvent.Browser)] = "",
            [nameof(AuditEvent.Country)] = "",
        });
        await people.DeleteAsync(row.PartitionKey, row.RowKey);
    }

    private async Task<List<TableEntity>> OfPersonAsync(string subject, AuditQuery query, CancellationToken cancellation)
    {
        List<TableEntity> found = [];
        var (first, end) = (PersonRows.RowKey(subject, FirstOf(query)), PersonRows.RowKey(subject, Inverted(query.From) + "g"));
        foreach (var partition in PersonRows.PartitionKeys(subject, query.From, query.To))
        {
            await foreach (var page in people.QueryAsync($"PartitionKey eq '{partition}' and {Filter(first, end, query)}", null, cancellation))
            {
                found.AddRange(page.Values);
                if (found.Count >= query.Most)
                    return found[..query.Most];
            }
        }
        return found;
    }

    /// <summary>The newest rows of a shard, as many as could be among the newest of all shards.</summary>
    private async Task<List<TableEntity>> OfShardAsync(int shard, AuditQuery query, CancellationToken cancellation)
    {
        var (first, last) = (RecordAddress.PartitionKeyOf(shard, query.From), RecordAddress.PartitionKeyOf(shard, query.To));
        var filter = $"PartitionKey ge '{first}' and PartitionKey le '{last}' and {Filter(FirstOf(query), Inverted(query.From) + "g", query)}";
        // If there are too many rows, the oldest is removed first.
        PriorityQueue<TableEntity, string> newest = new(Comparer<string>.Create((one, other) => string.CompareOrdinal(other, one)));
        await foreach (var page in events.QueryAsync(filter, null, cancellation))
        {
            foreach (var row in page.Values)
            {
                newest.Enqueue(row, row.RowKey);
                if (newest.Count > query.Most)
                    newest.Dequeue();
            }
        }
        return [.. newest.UnorderedItems.Select(item => item.Element)];
    }

    private static string Filter(string firstRow, string endOfRows, AuditQuery query)
    {
        var filter = TableClient.CreateQueryFilter($"RowKey ge {firstRow} and RowKey lt {endOfRows}");
        if (query.ClientId is { } client)
            filter += TableClient.CreateQueryFilter($" and ClientId eq {client}");
        if (query.Kind is { } kind)
            filter += TableClient.CreateQueryFilter($" and Kind eq {kind.ToString()}");
        if (query.Without is { } left)
            filter += TableClient.CreateQueryFilter($" and Kind ne {left.ToString()}");
        return filter;
    }

    /// <summary>The first possible key of the rows: the key of the latest time, or the key directly after a given event.</summary>
    private static string FirstOf(AuditQuery query) => query.After is { } after && string.CompareOrdinal(after, Inverted(query.To)) > 0 ? after + '0' : Inverted(query.To);

    private static string PartitionOf(string key, DateTimeOffset at) => RecordAddress.PartitionKeyOf(Convert.ToInt32(key[^IdLength..][..1], 16), at);

    /// <summary>Later times have smaller keys.</summary>
    private static string Inverted(DateTimeOffset moment) => (DateTimeOffset.MaxValue.UtcTicks - moment.UtcTicks).ToString("x16", CultureInfo.InvariantCulture);

    private static TableEntity ToRow(AuditEvent entry, string partitionKey, string rowKey) => new(partitionKey, rowKey)
    {
        [nameof(AuditEvent.Kind)] = entry.Kind.ToString(),
        [nameof(AuditEvent.At)] = entry.At,
        [nameof(AuditEvent.Subject)] = entry.Subject,
        [nameof(AuditEvent.ClientId)] = entry.ClientId,
        [nameof(AuditEvent.Actor)] = entry.Actor.ToString(),
        [nameof(AuditEvent.By)] = entry.By,
        [nameof(AuditEvent.Detail)] = entry.Detail,
        [nameof(AuditEvent.Network)] = entry.Network,
        [nameof(AuditEvent.Browser)] = entry.Browser,
        [nameof(AuditEvent.Country)] = entry.Country,
    };

    /// <returns>Null for a kind of event that only a later release knows.</returns>
    private static AuditEvent? FromRow(TableEntity row) => !Enum.TryParse<AuditKind>(row.Text(nameof(AuditEvent.Kind)), out var kind) ? null : new AuditEvent
    {
        Id = PersonRows.KeyIn(row.RowKey),
        Kind = kind,
        At = row.Moment(nameof(AuditEvent.At)),
        Subject = row.GetString(nameof(AuditEvent.Subject)),
        ClientId = row.GetString(nameof(AuditEvent.ClientId)),
        Actor = Enum.Parse<AuditActor>(row.Text(nameof(AuditEvent.Actor))),
        By = row.GetString(nameof(AuditEvent.By)),
        Detail = row.GetString(nameof(AuditEvent.Detail)),
        Network = TextOrNull(row, nameof(AuditEvent.Network)),
        Browser = TextOrNull(row, nameof(AuditEvent.Browser)),
        Country = TextOrNull(row, nameof(AuditEvent.Country)),
    };

    private static string? TextOrNull(TableEntity row, string name) => row.GetString(name) is { Length: > 0 } text ? text : null;
}
