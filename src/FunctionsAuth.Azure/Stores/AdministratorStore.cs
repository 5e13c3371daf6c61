using System.Buffers.Text;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>One partition, so that the guard row, the notes and the departures are written in one transaction.</summary>
internal sealed class AdministratorStore(TableSet tables) : IAdministratorStore
{
    public static readonly TableDescription Administrators = new("Administrators");

    private const string Partition = "administrators";
    private const string Guard = "guard";
    private const string Note = "note-";
    private const string Leaves = "leaves-";
    private const int IdLength = 9;

    private readonly Table rows = tables[Administrators];

    public async Task<AdministratorRoster> ReadAsync(CancellationToken cancellation)
    {
        var all = await rows.ListAsync($"PartitionKey eq '{Partition}'", null, cancellation);
        return new AdministratorRoster(
            all.FirstOrDefault(row => row.RowKey == Guard)?.Version() ?? "",
            all.Where(row => row.RowKey.StartsWith(Note, StringComparison.Ordinal)).Select(SubjectOf).ToHashSet(),
            [.. all.Where(row => row.RowKey.StartsWith(Leaves, StringComparison.Ordinal)).Select(row => new Departure(SubjectOf(row), row.RowKey[Leaves.Length..], row.Moment(nameof(Departure.BegunAt))))]);
    }

    public Task NoteAsync(string subject, CancellationToken cancellation) => rows.TryInsertAsync(NoteOn(subject));

    public Task ForgetAsync(string subject, CancellationToken cancellation) => rows.DeleteAsync(Partition, NoteOn(subject).RowKey);

    public async Task<Departure?> TryBeginAsync(AdministratorRoster roster, string subject, DateTimeOffset now, CancellationToken cancellation)
    {
        var departure = new Departure(subject, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdLength)), now);
        List<TableTransactionAction> actions =
        [
            new(TableTransactionActionType.Add, new TableEntity(Partition, Leaves + departure.Id) { [nameof(Departure.Subject)] = subject, [nameof(Departure.BegunAt)] = now }),
        ];
        if (roster.Subjects.Contains(subject))
            actions.Add(new(TableTransactionActionType.Delete, NoteOn(subject), global::Azure.ETag.All));
        return await rows.TrySubmitAsync(new TableEntity(Partition, Guard), roster.Version, actions) ? departure : null;
    }

    public Task EndAsync(Departure departure, CancellationToken cancellation) => rows.DeleteAsync(Partition, Leaves + departure.Id);

    private static TableEntity NoteOn(string subject) => new(Partition, Note + PersonKey(subject)) { [nameof(Departure.Subject)] = subject };

    /// <summary>A hash, because a long subject with a prefix does not fit into a key.</summary>
    private static string PersonKey(string subject) => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(subject)));

    private static string SubjectOf(TableEntity row) => row.Text(nameof(Departure.Subject));
}
