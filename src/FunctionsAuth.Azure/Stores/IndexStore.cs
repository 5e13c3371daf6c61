using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Azure.Stores;

/// <summary>One row stores the progress of the walks. The walks only add index entries; they remove none.</summary>
internal sealed partial class IndexStore(TableSet tables, Administrators administrators, ILogger<IndexStore> log) : IIndexStore
{
    public static readonly TableDescription Indexes = new("Indexes");

    // The number of records that are written at the same time.
    private const int Width = 16;

    private const string Partition = "indexes";
    private const string Row = "walk";

    private readonly Table rows = tables[Indexes];
    private readonly Table users = tables[UserStore.Users];
    private readonly Table consents = tables[ConsentStore.Consents];
    private readonly Table clientUsers = tables[ClientUsers.Users];
    private readonly UserIndex index = new(tables);

    public async Task<IndexWalk?> FindWalkAsync(CancellationToken cancellation) => await rows.FindAsync(Partition, Row, cancellation) is { } row ? FromRow(row) : null;

    public async Task<WriteResult<IndexWalk>> TrySaveWalkAsync(IndexWalk walk, CancellationToken cancellation)
    {
        var row = new TableEntity(Partition, Row)
        {
            [nameof(IndexWalk.Ended)] = walk.Ended,
            [nameof(IndexWalk.EndedAt)] = walk.EndedAt,
            [nameof(IndexWalk.Records)] = walk.Records.ToString(),
            [nameof(IndexWalk.Position)] = walk.Position,
        };
        var write = await rows.TrySaveAsync(row, walk.Version);
        return new(write.Won, write.Row is null ? null : FromRow(write.Row));
    }

    public async Task<(int Count, string? Next)> WriteAsync(IndexedRecords records, ListRequest request, CancellationToken cancellation)
    {
        var page = await (records == IndexedRecords.Users ? users : consents).PageAsync(null, request, cancellation);
        foreach (var chunk in page.Items.Chunk(Width))
            await Task.WhenAll(chunk.Select(row => records == IndexedRecords.Users ? WriteUserAsync(row, cancellation) : WriteConsentAsync(row)));
        return (page.Items.Count, page.Next);
    }

    private async Task WriteUserAsync(TableEntity row, CancellationToken cancellation)
    {
        if (Readable(row) is not { } user)
            return;
        await index.AddAsync(UserIndex.EntriesOf(user));
        if (administrators.Has(user))
            await administrators.NoteAsync(user, cancellation);
    }

    /// <summary>Nobody can sign in with a damaged row. Such a row must not stop the indexing of all other rows.</summary>
    private User? Readable(TableEntity row)
    {
        try
        {
            return UserRows.FromRow(row, KeyText.TextOf(row.PartitionKey));
        }
        catch (InvalidDataException e)
        {
            LogDamaged(row.PartitionKey, e);
            return null;
        }
    }

    private Task WriteConsentAsync(TableEntity row)
    {
        var clientId = row.GetString(nameof(Protocol.Consents.Consent.ClientId)) ?? KeyText.TextOf(row.RowKey);
        var consent = ConsentStore.FromRow(row, KeyText.TextOf(row.PartitionKey), clientId);
        return consent.IsRevoked ? Task.CompletedTask : clientUsers.UpsertAsync(ClientUsers.EntryOf(clientId, consent.Subject).ToRow());
    }

    private static IndexWalk FromRow(TableEntity row) => new()
    {
        Ended = row.GetInt32(nameof(IndexWalk.Ended)) ?? 0,
        EndedAt = row.GetDateTimeOffset(nameof(IndexWalk.EndedAt)),
        Records = Enum.Parse<IndexedRecords>(row.Text(nameof(IndexWalk.Records))),
        Position = row.GetString(nameof(IndexWalk.Position)),
        Version = row.Version(),
    };

    [LoggerMessage(3009, LogLevel.Warning, "The record of user {Subject} is damaged, so the user is in no index")]
    private partial void LogDamaged(string subject, Exception exception);
}
