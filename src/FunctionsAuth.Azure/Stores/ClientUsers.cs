using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A partition for each client, with a row for each user who gave it access. The rows are written with the consents.</summary>
internal sealed class ClientUsers(TableSet tables) : IClientUsers
{
    public static readonly TableDescription Users = new("ClientUsers");

    private readonly Table rows = tables[Users];
    private readonly Table consents = tables[ConsentStore.Consents];

    public static IndexEntry EntryOf(string clientId, string subject) => new(Users, KeyText.Of(clientId), KeyText.Of(subject), subject);

    public async Task<ListPage<string>> ListAsync(string clientId, ListRequest request, CancellationToken cancellation)
    {
        var page = await rows.PageAsync($"PartitionKey eq '{KeyText.Of(clientId)}'", request, cancellation);
        return page.With(page.Items.Select(row => row.Text(IndexEntry.SubjectProperty)));
    }

    public async Task ForgetAsync(string clientId, string subject, CancellationToken cancellation)
    {
        var entry = EntryOf(clientId, subject);
        if (await rows.FindAsync(entry.Partition, entry.Row, cancellation) is not { } row)
            return;
        // The consent is read after the entry, because the entry is written again when access is given again. A missing consent may be about to be written.
        if (await consents.FindAsync(KeyText.Of(subject), KeyText.Of(clientId), cancellation) is { } consent && ConsentStore.FromRow(consent, subject, clientId).IsRevoked)
            await rows.DeleteAsync(entry.Partition, entry.Row, row.Version());
    }
}
