using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Deletion;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// A row for each deletion that is in progress. All rows are in one partition, because there are few, and each exists only for a short time.
/// </summary>
internal sealed class DeletionStore(TableSet tables) : IDeletionStore
{
    public static readonly TableDescription Deletions = new("Deletions");

    private const string Partition = "deletions";

    private readonly Table rows = tables[Deletions];

    public Task SaveAsync(Deletion deletion, CancellationToken cancellation) => rows.UpsertAsync(
        new TableEntity(Partition, KeyText.Of(deletion.Subject))
        {
            [nameof(Deletion.Subject)] = deletion.Subject,
            [nameof(Deletion.Pseudonym)] = deletion.Pseudonym,
            [nameof(Deletion.Actor)] = deletion.Actor.ToString(),
            [nameof(Deletion.BegunAt)] = deletion.BegunAt,
            [nameof(Deletion.LoginNames)] = StoreJson.Write(deletion.LoginNames),
            [nameof(Deletion.Groups)] = deletion.Groups.Count == 0 ? null : EntityExtensions.Join(deletion.Groups),
        });

    public async Task<IReadOnlyList<Deletion>> ListAsync(CancellationToken cancellation) =>
        [.. (await rows.ListAsync($"PartitionKey eq '{Partition}'", null, cancellation)).Select(FromRow)];

    public Task EndAsync(Deletion deletion, CancellationToken cancellation) => rows.DeleteAsync(Partition, KeyText.Of(deletion.Subject));

    private static Deletion FromRow(TableEntity row) => new(
        row.Text(nameof(Deletion.Subject)),
        row.Text(nameof(Deletion.Pseudonym)),
        Enum.Parse<AuditActor>(row.Text(nameof(Deletion.Actor))),
        StoreJson.Read<string[]>(row.Text(nameof(Deletion.LoginNames))),
        row.Moment(nameof(Deletion.BegunAt)))
    {
        Groups = row.List(nameof(Deletion.Groups)),
    };
}
