using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Whatever stands in the tables of an earlier release can be read, and is deleted when its time is over.</summary>
public sealed class ReadRowTests : IAsyncLifetime
{
    private static readonly string[] Expiring = ["Grants", "Sessions", "Requests", "Decoys", "Replays", "AccessTokens", "RegistrationTokens", "ClientEnds"];

    private readonly EarlierRelease old = new();

    private RunningServer Server => old.Server;

    public Task InitializeAsync() => old.InitializeAsync();

    public Task DisposeAsync() => old.DisposeAsync();

    [Fact]
    public async Task Every_row_of_every_table_is_read()
    {
        var unread = new List<string>();
        foreach (var row in EarlierRelease.Rows)
        {
            if (!await IsReadAsync(row))
                unread.Add(row.Write());
        }
        Assert.Empty(unread);
    }

    [Fact]
    public async Task Every_signing_key_is_published_and_none_is_made()
    {
        var keys = EarlierRelease.Rows.Count(row => row.Table == "SigningKeys");
        Assert.Equal(4, keys);
        Assert.Equal(keys, (await PublishedKeys.ReadAsync(Server)).Kids.Count());
    }

    [Fact]
    public async Task What_has_expired_is_deleted()
    {
        Server.Clock.Advance(TimeSpan.FromDays(400));
        await new PruneFunction(Server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);
        var left = await SavedRows.ReadAsync(old.Tables, "");
        Assert.Empty(left.Where(row => Expiring.Contains(row.Table)).Select(row => row.Write()));
        // Registered clients that nobody used are gone, and the operator's are there.
        Assert.Equal(
            EarlierRelease.Rows.Count(row => row.Table == "Clients" && !row.Entity.ContainsKey("RegisteredAt")),
            left.Count(row => row.Table == "Clients"));
    }

    private async Task<bool> IsReadAsync(SavedRow row) => row.Table switch
    {
        "AccessTokens" => await Server.Get<IReferenceTokenStore>().FindAsync(AddressOf(row.Entity), default) is not null,
        "ClientEnds" => await Server.Get<IClientEndStore>().FindDueAsync(DateTimeOffset.MaxValue, default).AnyAsync(end => end.ClientId == row.Entity.GetString("ClientId")),
        "Clients" => await Server.Get<IClientStore>().FindAsync(TextOf(row.Entity.PartitionKey), default) is { } client && client.ClientId == TextOf(row.Entity.PartitionKey),
        "Consents" => await Server.Get<IConsentStore>().FindAsync(TextOf(row.Entity.PartitionKey), TextOf(row.Entity.RowKey), default) is { Scopes.Count: > 0 },
        "Decoys" => await Server.Get<IUserStore>().FindAsync($"decoy-{AddressOf(row.Entity)}", default) is { Disabled: true },
        "Grants" => await Server.Get<IGrantStore>().FindAsync(AddressOf(row.Entity), default) is { ClientId.Length: > 0 },
        "RegistrationTokens" => await Server.Get<IInitialAccessStore>().FindAsync(AddressOf(row.Entity), default) is { Limit: > 0 },
        // Nothing stands in them, and that they are there is tested with a proof that was used.
        "Replays" => true,
        "Requests" when row.Entity.GetBoolean("IsPushed") == true => await Server.Get<IPushedRequestStore>().FindAsync(AddressOf(row.Entity), default) is { Encoded.Length: > 0 },
        "Requests" => await Server.Get<IRequestStore>().FindAsync(AddressOf(row.Entity), default) is { Encoded.Length: > 0 },
        "Scopes" => await IsInCatalogAsync(row.Entity),
        "Secrets" => (await Server.Get<ISecretStore>().GetOrCreateAsync(TextOf(row.Entity.PartitionKey), default)).AsSpan().SequenceEqual(row.Entity.GetBinary("Value")),
        "Sessions" => await IsSessionReadAsync(row.Entity),
        "SigningKeys" => true,
        "UserLogins" => EarlierRelease.Rows.Any(user => user.Table == "Users" && TextOf(user.Entity.PartitionKey) == row.Entity.GetString("Subject")),
        "Users" => await Server.Get<IUserStore>().FindAsync(TextOf(row.Entity.PartitionKey), default) is { } user
            && await Server.Get<IUserStore>().FindSubjectAsync(user.Username, default) == user.Subject,
        _ => throw new InvalidOperationException($"No store is known for the table {row.Table}."),
    };

    private async Task<bool> IsInCatalogAsync(TableEntity row)
    {
        var catalog = await Server.Get<IScopeStore>().LoadAsync(default);
        var json = JsonNode.Parse(row.GetString("Json"))!;
        return row.PartitionKey == "scope"
            ? catalog.Scopes.Any(scope => scope.Name == (string?)json["name"])
            : catalog.Resources.Any(resource => resource.Identifier == (string?)json["identifier"]);
    }

    /// <summary>A client of a session stands beside it, behind a full stop.</summary>
    private async Task<bool> IsSessionReadAsync(TableEntity row)
    {
        var sessions = Server.Get<ISessionStore>();
        return row.RowKey.Contains('.', StringComparison.Ordinal)
            ? (await sessions.ClientsOfAsync(AddressOf(row), default)).Contains(row.GetString("ClientId"))
            : await sessions.FindAsync(AddressOf(row), default) is { Subject.Length: > 0 };
    }

    /// <summary>The hour of its end stands in the partition key, behind the shard.</summary>
    private static RecordAddress AddressOf(TableEntity row) =>
        RecordAddress.FromBytes([.. Convert.FromHexString(row.PartitionKey[1..]), .. Base64Url.DecodeFromChars(row.RowKey.Split('.')[0])]);

    /// <summary>What is no plain text stands as base64url behind a tilde.</summary>
    private static string TextOf(string key) => key.StartsWith('~') ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key.AsSpan(1))) : key;
}
