using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Keys;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Storage;

public sealed class PruneTests
{
    private static readonly string[] Expiring = ["Grants", "Sessions", "Requests"];
    private static readonly string[] Lasting = ["Clients", "Scopes", "Users", "UserLogins", "Consents"];

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task It_removes_what_has_expired_and_nothing_else(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        // A request that is left on the login page and one that was completed, a session, and a grant without and with offline_access.
        await new Browser(server).FollowAsync(await new Browser(server).GetAsync(new AuthorizationParameters().Url));
        var alice = new Browser(server);
        await alice.CodeAsync(new ClientApp(server, "post"), "post", "openid");
        await alice.CodeAsync(new ClientApp(server), "web", "openid offline_access");
        var before = await CountAsync(storage, Lasting);
        await ShouldHoldAsync(storage, 2, 1, 2);

        await PruneAsync(server);
        await ShouldHoldAsync(storage, 2, 1, 2);

        server.Clock.Advance(TimeSpan.FromHours(2));
        await PruneAsync(server);
        await ShouldHoldAsync(storage, 2, 1, 0);

        server.Clock.Advance(TimeSpan.FromHours(11));
        await PruneAsync(server);
        await ShouldHoldAsync(storage, 2, 0, 0);

        server.Clock.Advance(TimeSpan.FromHours(13));
        await PruneAsync(server);
        await ShouldHoldAsync(storage, 1, 0, 0);

        server.Clock.Advance(TimeSpan.FromDays(31));
        await PruneAsync(server);
        await ShouldHoldAsync(storage, 0, 0, 0);
        Assert.Equal(before, await CountAsync(storage, Lasting));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task It_can_be_stopped_anywhere_and_run_again(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var now = server.Clock.GetUtcNow();
        await FillAsync(storage, "Grants", 600, now - TimeSpan.FromHours(3));
        await FillAsync(storage, "Grants", 50, now + TimeSpan.FromHours(3));
        var left = 600;
        for (var stopAt = 1; left > 0; stopAt += 7)
        {
            using var stop = new CancellationTokenSource();
            storage.Script.Arm();
            storage.Script.Before = _ =>
            {
                if (storage.Script.Operations.Count >= stopAt)
                    stop.Cancel();
            };
            var stopped = false;
            try
            {
                await new PruneFunction(server.Get<Pruner>()).Run(new TimerInfo(), stop.Token);
            }
            catch (OperationCanceledException)
            {
                stopped = true;
            }
            storage.Script.Before = null;
            var rest = await storage.CountAsync("Grants") - 50;
            Assert.InRange(rest, 0, left);
            Assert.True(stopped || rest == 0, "It came to its end and left something");
            left = rest;
        }
        await PruneAsync(server);
        Assert.Equal(50, await storage.CountAsync("Grants"));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Two_at_once_do_no_harm(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var now = one.Clock.GetUtcNow();
        await FillAsync(storage, "Grants", 500, now - TimeSpan.FromHours(3));
        await FillAsync(storage, "Sessions", 100, now - TimeSpan.FromHours(3));
        await FillAsync(storage, "Grants", 50, now + TimeSpan.FromHours(3));
        // Both have read what there is before the first one deletes.
        storage.Script.Meeting = new Rendezvous("Grants transaction", "Grants transaction");

        await Task.WhenAll(Task.Run(() => PruneAsync(one)), Task.Run(() => PruneAsync(two)));

        Assert.True(storage.Script.Meeting.IsComplete, "They did not meet");
        await ShouldHoldAsync(storage, 50, 0, 0);
    }

    [Fact]
    public async Task Its_cost_grows_with_what_has_expired_and_not_with_what_is_stored()
    {
        const int expired = 1_000;
        var counts = new List<int>();
        var tables = 0;
        foreach (var live in (int[])[0, 100_000])
        {
            var storage = new TestStorage(BackEnd.Memory);
            await using var server = await RunningServer.StartAsync(storage.Setup());
            tables = server.Services.GetServices<IExpiringTable>().Count();
            var now = server.Clock.GetUtcNow();
            await FillAsync(storage, "Grants", expired, now - TimeSpan.FromHours(3));
            await FillAsync(storage, "Grants", live, now + TimeSpan.FromHours(3));
            storage.Script.Arm();
            await PruneAsync(server);
            counts.Add(storage.Script.Operations.Count);
            Assert.Equal(live, await storage.CountAsync("Grants"));

            // With nothing left to delete it asks each shard of each table once, and reads how far the indexes have come.
            storage.Script.Arm();
            await PruneAsync(server);
            Assert.Equal("Indexes read", Assert.Single(storage.Script.Operations, operation => operation.Kind != "query").ToString());
            Assert.InRange(storage.Script.Operations.Count, 16, 16 * (tables + 1));
        }
        Assert.Equal(counts[0], counts[1]);
        // 16 shards with 62 or 63 rows each: a transaction for each, and the queries, of which those that find something take one more.
        Assert.InRange(counts[0], 16 + 32, 16 * (tables + 2));
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_reported_and_the_next_run_goes_on()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        await FillAsync(storage, "Grants", 200, server.Clock.GetUtcNow() - TimeSpan.FromHours(3));
        storage.Script.Arm(new Fault(FaultKind.Status503, true, 5));
        await Assert.ThrowsAsync<FunctionsAuth.Protocol.Errors.TemporarilyUnavailableException>(() => PruneAsync(server));
        Assert.Empty(server.Events(4002));
        storage.Script.Arm();
        await PruneAsync(server);
        Assert.Equal(0, await storage.CountAsync("Grants"));
        await PruneAsync(server);
        Assert.Equal(2, server.Events(4002).Count);
    }

    [Fact]
    public async Task One_table_that_can_not_be_pruned_does_not_keep_the_others_full()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        foreach (var table in Expiring)
            await FillAsync(storage, table, 20, server.Clock.GetUtcNow() - TimeSpan.FromHours(3));
        storage.Script.Before = operation =>
        {
            if (operation.Table == "Grants")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        await Assert.ThrowsAsync<FunctionsAuth.Protocol.Errors.TemporarilyUnavailableException>(() => PruneAsync(server));
        storage.Script.Before = null;
        await ShouldHoldAsync(storage, 20, 0, 0);
        Assert.Contains("Grants", Assert.Single(server.Events(4003)), StringComparison.Ordinal);
        // Only a run that pruned everything says so: an alert waits for that.
        Assert.Empty(server.Events(4002));
    }

    private static Task PruneAsync(RunningServer server) => new PruneFunction(server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);

    private static async Task ShouldHoldAsync(TestStorage storage, int grants, int sessions, int requests)
    {
        int[] expected = [grants, sessions, requests];
        Assert.Equal(expected, await CountAsync(storage, Expiring));
    }

    private static async Task<int[]> CountAsync(TestStorage storage, string[] tables)
    {
        var counts = new int[tables.Length];
        for (var i = 0; i < tables.Length; i++)
            counts[i] = await storage.CountAsync(tables[i]);
        return counts;
    }

    /// <summary>Rows at addresses that end then, evenly over the shards, and the same in every run.</summary>
    private static async Task FillAsync(TestStorage storage, string table, int count, DateTimeOffset end)
    {
        await storage[table].CreateIfNotExistsAsync();
        var rows = Enumerable.Range(0, count)
            .Select(i => new TableEntity(RecordAddress.PartitionKeyOf(i % 16, end), i.ToString("d22", CultureInfo.InvariantCulture)));
        foreach (var chunk in rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(100)))
            await storage[table].SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row, ETag.All)));
    }
}
