using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>What an operator changes, and has no endpoint yet.</summary>
public static class ServerRecords
{
    public static async Task SetDisabledAsync(this RunningServer server, string subject, bool disabled)
    {
        var users = server.Get<IUserStore>();
        var user = (await users.FindAsync(subject, default))!;
        var changed = disabled ? user.Disable(server.Clock.GetUtcNow()) : user with { Disabled = false };
        Assert.True((await users.TrySaveAsync(changed, default)).Won);
    }

    /// <summary>Puts the user into these groups only.</summary>
    public static async Task PutIntoGroupsAsync(this RunningServer server, string subject, params string[] groups)
    {
        var users = server.Get<IUserStore>();
        await CompareAndSwap.ChangeAsync((await users.FindAsync(subject, default))!, user => user! with { Groups = Group.Normalize(groups) }, users.TrySaveAsync, default);
    }

    /// <summary>The user revokes the earlier access of the client.</summary>
    public static async Task RevokeConsentAsync(this RunningServer server, string subject, string clientId)
    {
        var consents = server.Get<IConsentStore>();
        var consent = (await consents.FindAsync(subject, clientId, default))!;
        Assert.True((await consents.TrySaveAsync(consent with { RevokedBefore = server.Clock.GetUtcNow() }, default)).Won);
    }

    /// <summary>Registers a client. If its id was requested before, the server remembers it as unknown for a while.</summary>
    public static async Task RegisterAsync(this RunningServer server, Client client)
    {
        var store = server.Get<IClientStore>();
        await store.TrySaveAsync(client with { Version = (await store.FindAsync(client.ClientId, default))?.Version ?? "" }, default);
    }

    /// <summary>All rows of a table in memory.</summary>
    public static Task<IReadOnlyList<TableEntity>> RowsAsync(this RunningServer server, string table) => RowsAsync(server.Get<TableServiceClient>().GetTableClient(table));

    /// <summary>All rows of a table; none if the table does not exist yet.</summary>
    public static Task<IReadOnlyList<TableEntity>> RowsAsync(this TestStorage storage, string table) => RowsAsync(storage[table]);

    private static async Task<IReadOnlyList<TableEntity>> RowsAsync(TableClient table)
    {
        List<TableEntity> rows = [];
        await table.CreateIfNotExistsAsync();
        await foreach (var row in table.QueryAsync<TableEntity>())
            rows.Add(row);
        return rows;
    }

    /// <summary>The secret of a client in the form of its record.</summary>
    public static string HashOf(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
